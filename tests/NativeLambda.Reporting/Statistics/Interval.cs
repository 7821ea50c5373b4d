namespace NativeLambda.Reporting.Statistics;

/// <summary>Where a figure lies, 95 times in a hundred.</summary>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end.</param>
internal readonly record struct Interval(double Low, double High)
{
    /// <summary>Whether a value lies in it.</summary>
    public bool Contains(double value) => Low <= value && value <= High;
}
