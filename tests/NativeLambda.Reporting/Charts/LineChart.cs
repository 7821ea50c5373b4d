namespace NativeLambda.Reporting.Charts;

/// <summary>One panel of lines over a common X.</summary>
internal sealed record LineChart
{
    /// <summary>What is shown, with the unit of Y.</summary>
    public required string Title { get; init; }

    /// <summary>What X is, with its unit.</summary>
    public required string XTitle { get; init; }

    /// <summary>The lines; a series has the same colour in every panel of a picture.</summary>
    public required IReadOnlyList<LineSeries> Series { get; init; }

    /// <summary>A horizontal line that is not to be crossed, or nothing.</summary>
    public double? Limit { get; init; }

    /// <summary>What the limit is.</summary>
    public string LimitName { get; init; } = "";

    /// <summary>Whether a value holds until the next one; else a straight line goes from each to the next.</summary>
    public bool IsStepped { get; init; } = true;

    /// <summary>Where X is no scale: the places and what they are called.</summary>
    public IReadOnlyList<(double At, string Name)>? XLabels { get; init; }

    /// <summary>The least Y where that axis is logarithmic; nothing where it is not, and begins at zero.</summary>
    public double? LogarithmicFrom { get; init; }

    /// <summary>The largest X and Y of the lines and the limit.</summary>
    public (double X, double Y) Extent
    {
        get
        {
            (double x, double y) = (0, Limit ?? 0);
            foreach ((double pointX, double pointY) in Series.SelectMany(static series => series.Points))
                (x, y) = (Math.Max(x, pointX), Math.Max(y, pointY));
            return (x > 0 ? x : 1, y > 0 ? y : 1);
        }
    }
}
