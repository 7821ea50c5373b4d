namespace NativeLambda.Reporting.Charts;

/// <summary>Draws bars of parts below each other over one scale.</summary>
internal static class StackedBars
{
    private const int Left = 220;
    private const int Right = 64;
    private const int LegendTop = 40;
    private const int HeadHeight = 62;
    private const int RowHeight = 34;
    private const int Bottom = 40;

    /// <summary>The document.</summary>
    /// <param name="title">Stands above.</param>
    /// <param name="unit">What the scale is.</param>
    /// <param name="parts">What the parts are called.</param>
    /// <param name="rows">From top to bottom; the sum stands at the end of each.</param>
    /// <param name="limit">Longer bars are cut off there.</param>
    public static string Draw(string title, string unit, IReadOnlyList<string> parts, IReadOnlyList<BarRow> rows, double limit)
    {
        int top = HeadHeight + SvgDocument.LegendGrowth(parts, 16);
        int plotBottom = top + (rows.Count * RowHeight);
        var svg = new SvgDocument(title, plotBottom + Bottom, 16);
        svg.Legend(parts, 16, LegendTop);
        double max = Math.Min(rows.Max(static row => row.Parts.Sum()), limit);
        double scale = (SvgDocument.Width - Left - Right) / max;
        foreach (double tick in SvgDocument.Ticks(max))
        {
            svg.Append($"<path d=\"M{Left + (tick * scale):0.0} {top}V{plotBottom}\" stroke=\"#e5e7eb\"/>\n");
            svg.Text(Left + (tick * scale), plotBottom + 16, SvgDocument.Number(tick), "text-anchor=\"middle\"");
        }

        svg.Text(SvgDocument.Width - Right, plotBottom + 32, unit, "text-anchor=\"end\" fill=\"#57606a\"");
        foreach ((int index, BarRow row) in rows.Index())
        {
            int y = top + (index * RowHeight);
            svg.Text(Left - 10, y + (RowHeight / 2) + 4, row.Name, "text-anchor=\"end\"");
            double sum = 0;
            foreach ((int part, double value) in row.Parts.Index())
            {
                double shown = Math.Clamp(max - sum, 0, Math.Max(value, 0));
                svg.Append($"<rect x=\"{Left + (sum * scale):0.0}\" y=\"{y + 6}\" width=\"{shown * scale:0.0}\" height=\"{RowHeight - 12}\" fill=\"{SvgDocument.Colour(part)}\"/>\n");
                sum += shown;
            }

            double whole = row.Parts.Sum();
            string cut = whole > max ? "… " : "";
            svg.Text(Left + (sum * scale) + 6, y + (RowHeight / 2) + 4, cut + SvgDocument.Number(Math.Round(whole, 1)), "fill=\"#57606a\"");
        }

        return svg.Close();
    }
}
