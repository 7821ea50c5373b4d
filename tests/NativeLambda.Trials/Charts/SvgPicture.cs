using System.Globalization;
using System.Net;
using System.Text;

namespace NativeLambda.Trials.Charts;

/// <summary>Draws charts below each other as one SVG document: text only, readable on a light and on a dark page.</summary>
internal sealed class SvgPicture
{
    private const int Width = 860;
    private const int PanelHeight = 250;
    private const int Left = 56;
    private const int Right = 16;
    private const int HeadHeight = 62;
    private const int PlotTop = 30;
    private const int PlotBottom = 34;

    private static readonly string[] Colours = ["#0b7a5b", "#c2410c", "#2563eb", "#9333ea", "#a16207", "#be185d"];

    private readonly StringBuilder _svg = new();

    private SvgPicture()
    {
    }

    /// <summary>The document.</summary>
    /// <param name="title">Stands above the charts.</param>
    /// <param name="charts">From top to bottom, all with the same series.</param>
    public static string Draw(string title, IReadOnlyList<LineChart> charts)
    {
        var picture = new SvgPicture();
        picture.Open(title, HeadHeight + (charts.Count * PanelHeight));
        picture.Legend(charts[0].Series);
        for (int index = 0; index < charts.Count; index++)
            picture.Panel(charts[index], HeadHeight + (index * PanelHeight));
        picture._svg.Append("</svg>\n");
        return picture._svg.ToString();
    }

    private void Open(string title, int height)
    {
        Append($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {height}\" width=\"{Width}\" height=\"{height}\" ");
        Append($"font-family=\"system-ui,sans-serif\" font-size=\"12\" fill=\"#24292f\">\n");
        Append($"<title>{Escape(title)}</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
        Text(Left, 24, title, "font-size=\"15\" font-weight=\"600\"");
    }

    private void Legend(IReadOnlyList<LineSeries> series)
    {
        int x = Left;
        for (int index = 0; index < series.Count; index++)
        {
            Append($"<rect x=\"{x}\" y=\"40\" width=\"14\" height=\"4\" fill=\"{Colour(index)}\"/>\n");
            Text(x + 20, 46, series[index].Name, "");
            x += 44 + (series[index].Name.Length * 7);
        }
    }

    private void Panel(LineChart chart, int top)
    {
        (double maxX, double maxY) = chart.Extent;
        (int plotTop, int plotBottom) = (top + PlotTop, top + PanelHeight - PlotBottom);
        double X(double value) => Left + (value / maxX * (Width - Left - Right));
        double Y(double value) => plotBottom - (value / maxY * (plotBottom - plotTop));

        Text(Left, top + 18, chart.Title, "font-weight=\"600\"");
        foreach (double tick in Ticks(maxY))
        {
            Append($"<path d=\"M{Left} {Y(tick):0.0}H{Width - Right}\" stroke=\"#e5e7eb\"/>\n");
            Text(Left - 8, Y(tick) + 4, Number(tick), "text-anchor=\"end\"");
        }

        foreach (double tick in Ticks(maxX))
            Text(X(tick), plotBottom + 16, Number(tick), "text-anchor=\"middle\"");
        Text(Width - Right, plotBottom + 29, chart.XTitle, "text-anchor=\"end\" fill=\"#57606a\"");
        if (chart.Limit is { } limit)
        {
            Append($"<path d=\"M{Left} {Y(limit):0.0}H{Width - Right}\" stroke=\"#57606a\" stroke-dasharray=\"5 4\"/>\n");
            Text(Width - Right, Y(limit) - 4, chart.LimitName, "text-anchor=\"end\" fill=\"#57606a\"");
        }

        for (int index = chart.Series.Count - 1; index >= 0; index--)
            Line(chart.Series[index].Points, Colour(index), X, Y);
    }

    /// <summary>A line of steps: each value holds until the next one; what changes nothing is left out.</summary>
    private void Line(IReadOnlyList<(double X, double Y)> points, string colour, Func<double, double> x, Func<double, double> y)
    {
        if (points.Count == 0)
            return;
        Append($"<path fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.6\" d=\"M{x(points[0].X):0.#} {y(points[0].Y):0.#}");
        (double lastX, double lastY) = points[0];
        foreach ((double pointX, double pointY) in points.Skip(1))
        {
            if (pointY.Equals(lastY))
                continue;
            // Two changes within half a pixel are one.
            if (x(pointX) - x(lastX) >= 0.5)
                Append($"H{x(pointX):0.#}");
            Append($"V{y(pointY):0.#}");
            (lastX, lastY) = (pointX, pointY);
        }

        Append($"H{x(points[^1].X):0.#}\"/>\n");
    }

    private void Text(double x, double y, string text, string attributes) =>
        Append($"<text x=\"{x:0.#}\" y=\"{y:0.#}\" {attributes}>{Escape(text)}</text>\n");

    /// <summary>Round values from zero on, about five.</summary>
    private static IEnumerable<double> Ticks(double max)
    {
        double magnitude = Math.Pow(10, Math.Floor(Math.Log10(max / 5)));
        double step = magnitude * new[] { 1.0, 2, 5, 10 }.First(factor => max / (magnitude * factor) <= 6);
        for (int index = 0; index * step <= max * 1.0001; index++)
            yield return index * step;
    }

    private static string Colour(int index) => Colours[index % Colours.Length];

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Escape(string text) => WebUtility.HtmlEncode(text);

    private void Append(FormattableString text) => _svg.Append(text.ToString(CultureInfo.InvariantCulture));
}
