namespace NativeLambda.Reporting.Charts;

/// <summary>Draws boxes below each other over one logarithmic scale: the middle half as a box, its median as a line, 5 % to 95 % as whiskers.</summary>
internal static class BoxPlot
{
    private const int Left = 220;
    private const int Right = 24;
    private const int Top = 44;
    private const int RowHeight = 30;
    private const int Bottom = 40;

    /// <summary>The document.</summary>
    /// <param name="title">Stands above.</param>
    /// <param name="unit">What the scale is.</param>
    /// <param name="rows">From top to bottom.</param>
    public static string Draw(string title, string unit, IReadOnlyList<BoxRow> rows)
    {
        int plotBottom = Top + (rows.Count * RowHeight);
        var svg = new SvgDocument(title, plotBottom + Bottom, 16);
        double max = rows.Max(static row => row.Samples.Quantile(0.95));
        double least = rows.Min(static row => row.Samples.Quantile(0.05)) * 0.8;
        double X(double value) => Left + (Math.Log(Math.Max(value, least) / least) / Math.Log(max / least) * (SvgDocument.Width - Left - Right));
        foreach (double tick in SvgDocument.LogarithmicTicks(least, max))
        {
            svg.Append($"<path d=\"M{X(tick):0.0} {Top}V{plotBottom}\" stroke=\"#e5e7eb\"/>\n");
            svg.Text(X(tick), plotBottom + 16, SvgDocument.Number(tick), "text-anchor=\"middle\"");
        }

        svg.Text(SvgDocument.Width - Right, plotBottom + 32, unit, "text-anchor=\"end\" fill=\"#57606a\"");
        foreach ((int index, BoxRow row) in rows.Index())
        {
            double middle = Top + (index * RowHeight) + (RowHeight / 2.0);
            string colour = SvgDocument.Colour(row.IsOurs ? 0 : 2);
            double At(double share) => X(row.Samples.Quantile(share));
            svg.Text(Left - 10, middle + 4, row.Name, row.IsOurs ? "text-anchor=\"end\" font-weight=\"600\"" : "text-anchor=\"end\"");
            svg.Append($"<path d=\"M{At(0.05):0.0} {middle:0.0}H{At(0.95):0.0}M{At(0.05):0.0} {middle - 4:0.0}v8M{At(0.95):0.0} {middle - 4:0.0}v8\" stroke=\"{colour}\"/>\n");
            svg.Append($"<rect x=\"{At(0.25):0.0}\" y=\"{middle - 8:0.0}\" width=\"{Math.Max(At(0.75) - At(0.25), 1):0.0}\" height=\"16\" fill=\"{colour}\" fill-opacity=\"0.3\" stroke=\"{colour}\"/>\n");
            svg.Append($"<path d=\"M{At(0.5):0.0} {middle - 8:0.0}v16\" stroke=\"{colour}\" stroke-width=\"2.4\"/>\n");
        }

        return svg.Close();
    }
}
