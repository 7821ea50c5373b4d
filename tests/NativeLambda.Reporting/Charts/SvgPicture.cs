namespace NativeLambda.Reporting.Charts;

/// <summary>Draws charts of lines below each other as one SVG document.</summary>
internal sealed class SvgPicture
{
    private const int PanelHeight = 250;
    private const int Left = 56;
    private const int Right = 28;
    private const int HeadHeight = 62;
    private const int LegendTop = 40;
    private const int PlotTop = 30;
    private const int PlotBottom = 34;

    private readonly SvgDocument _svg;

    private SvgPicture(SvgDocument svg) => _svg = svg;

    /// <summary>The document.</summary>
    /// <param name="title">Stands above the charts.</param>
    /// <param name="charts">From top to bottom, all with the same series.</param>
    public static string Draw(string title, IReadOnlyList<LineChart> charts)
    {
        string[] names = [.. charts[0].Series.Select(static series => series.Name)];
        int head = HeadHeight + SvgDocument.LegendGrowth(names, Left);
        var picture = new SvgPicture(new SvgDocument(title, head + (charts.Count * PanelHeight), Left));
        picture._svg.Legend(names, Left, LegendTop);
        for (int index = 0; index < charts.Count; index++)
            picture.Panel(charts[index], head + (index * PanelHeight));
        return picture._svg.Close();
    }

    private void Panel(LineChart chart, int top)
    {
        (double maxX, double maxY) = chart.Extent;
        (int plotTop, int plotBottom) = (top + PlotTop, top + PanelHeight - PlotBottom);
        double lowest = chart.LogarithmicFrom is { } from ? Math.Log10(from) : 0;
        double highest = chart.LogarithmicFrom is null ? maxY : Math.Log10(maxY);
        double X(double value) => Left + (value / maxX * (SvgDocument.Width - Left - Right));
        double Y(double value) =>
            plotBottom - (((chart.LogarithmicFrom is null ? value : Math.Log10(value)) - lowest) / (highest - lowest) * (plotBottom - plotTop));

        _svg.Text(Left, top + 18, chart.Title, "font-weight=\"600\"");
        foreach (double tick in chart.LogarithmicFrom is { } least ? SvgDocument.LogarithmicTicks(least, maxY) : SvgDocument.Ticks(maxY))
        {
            _svg.Append($"<path d=\"M{Left} {Y(tick):0.0}H{SvgDocument.Width - Right}\" stroke=\"#e5e7eb\"/>\n");
            _svg.Text(Left - 8, Y(tick) + 4, SvgDocument.Number(tick), "text-anchor=\"end\"");
        }

        foreach ((double at, string name) in chart.XLabels ?? [.. SvgDocument.Ticks(maxX).Select(static tick => (tick, SvgDocument.Number(tick)))])
            _svg.Text(X(at), plotBottom + 16, name, "text-anchor=\"middle\"");
        _svg.Text(SvgDocument.Width - Right, plotBottom + 29, chart.XTitle, "text-anchor=\"end\" fill=\"#57606a\"");
        if (chart.Limit is { } limit)
        {
            _svg.Append($"<path d=\"M{Left} {Y(limit):0.0}H{SvgDocument.Width - Right}\" stroke=\"#57606a\" stroke-dasharray=\"5 4\"/>\n");
            _svg.Text(SvgDocument.Width - Right, Y(limit) - 4, chart.LimitName, "text-anchor=\"end\" fill=\"#57606a\"");
        }

        for (int index = chart.Series.Count - 1; index >= 0; index--)
        {
            if (chart.IsStepped) Steps(chart.Series[index].Points, SvgDocument.Colour(index), X, Y);
            else Line(chart.Series[index].Points, SvgDocument.Colour(index), X, Y);
        }
    }

    /// <summary>A line of steps: each value holds until the next one; what changes nothing is left out.</summary>
    private void Steps(IReadOnlyList<(double X, double Y)> points, string colour, Func<double, double> x, Func<double, double> y)
    {
        if (points.Count == 0)
            return;
        _svg.Append($"<path fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.6\" d=\"M{x(points[0].X):0.#} {y(points[0].Y):0.#}");
        (double lastX, double lastY) = points[0];
        foreach ((double pointX, double pointY) in points.Skip(1))
        {
            if (pointY.Equals(lastY))
                continue;
            // Two changes within half a pixel are one.
            if (x(pointX) - x(lastX) >= 0.5)
                _svg.Append($"H{x(pointX):0.#}");
            _svg.Append($"V{y(pointY):0.#}");
            (lastX, lastY) = (pointX, pointY);
        }

        _svg.Append($"H{x(points[^1].X):0.#}\"/>\n");
    }

    /// <summary>A straight line from point to point, each of which was measured.</summary>
    private void Line(IReadOnlyList<(double X, double Y)> points, string colour, Func<double, double> x, Func<double, double> y)
    {
        foreach ((int index, (double pointX, double pointY)) in points.Index())
        {
            _svg.Append($"<circle cx=\"{x(pointX):0.#}\" cy=\"{y(pointY):0.#}\" r=\"2.6\" fill=\"{colour}\"/>\n");
            if (index == 0) continue;
            (double fromX, double fromY) = points[index - 1];
            _svg.Append($"<path stroke=\"{colour}\" stroke-width=\"1.6\" d=\"M{x(fromX):0.#} {y(fromY):0.#}L{x(pointX):0.#} {y(pointY):0.#}\"/>\n");
        }
    }
}
