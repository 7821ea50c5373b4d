using System.Globalization;
using System.Net;
using System.Text;

namespace NativeLambda.Reporting.Charts;

/// <summary>An SVG document that is being written: text only, on white, so that it can be read on a light and on a dark page.</summary>
internal sealed class SvgDocument
{
    /// <summary>Of every document here.</summary>
    public const int Width = 860;

    private const int LegendLineHeight = 18;

    private static readonly string[] Colours =
        ["#0b7a5b", "#c2410c", "#2563eb", "#9333ea", "#a16207", "#be185d", "#0e7490", "#4d7c0f", "#b91c1c", "#4338ca", "#57534e", "#0369a1"];

    private readonly StringBuilder _svg = new();

    /// <summary>Begins one.</summary>
    /// <param name="title">Stands above everything.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="left">Where the title begins.</param>
    public SvgDocument(string title, int height, int left)
    {
        Append($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {height}\" width=\"{Width}\" height=\"{height}\" ");
        Append($"font-family=\"system-ui,sans-serif\" font-size=\"12\" fill=\"#24292f\">\n");
        Append($"<title>{Escape(title)}</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
        Text(left, 24, title, "font-size=\"15\" font-weight=\"600\"");
    }

    /// <summary>Ends it.</summary>
    public string Close()
    {
        _svg.Append("</svg>\n");
        return _svg.ToString();
    }

    /// <summary>Writes elements; numbers as all the world writes them.</summary>
    public void Append(FormattableString text) => _svg.Append(text.ToString(CultureInfo.InvariantCulture));

    /// <summary>Writes text.</summary>
    public void Text(double x, double y, string text, string attributes) =>
        Append($"<text x=\"{x:0.#}\" y=\"{y:0.#}\" {attributes}>{Escape(text)}</text>\n");

    /// <summary>The names of series beside their colours, on as many lines as that takes.</summary>
    /// <param name="names">In the order of the colours.</param>
    /// <param name="left">Where a line begins.</param>
    /// <param name="top">Where the first line is.</param>
    public void Legend(IEnumerable<string> names, int left, int top)
    {
        foreach ((int index, (string name, int x, int line)) in Lay(names, left).Index())
        {
            int y = top + (line * LegendLineHeight);
            Append($"<rect x=\"{x}\" y=\"{y}\" width=\"14\" height=\"4\" fill=\"{Colour(index)}\"/>\n");
            Text(x + 20, y + 6, name, "");
        }
    }

    /// <summary>What the lines of a legend after its first one add to the height.</summary>
    public static int LegendGrowth(IEnumerable<string> names, int left) => Lay(names, left).Max(static place => place.Line) * LegendLineHeight;

    /// <summary>The colour of a series.</summary>
    public static string Colour(int index) => Colours[index % Colours.Length];

    /// <summary>A number of an axis.</summary>
    public static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>Round values from zero on, about five.</summary>
    public static IEnumerable<double> Ticks(double max)
    {
        double magnitude = Math.Pow(10, Math.Floor(Math.Log10(max / 5)));
        double step = magnitude * new[] { 1.0, 2, 5, 10 }.First(factor => max / (magnitude * factor) <= 6);
        for (int index = 0; index * step <= max * 1.0001; index++)
            yield return index * step;
    }

    /// <summary>Round values of a logarithmic axis.</summary>
    public static IEnumerable<double> LogarithmicTicks(double from, double to)
    {
        for (double decade = Math.Pow(10, Math.Floor(Math.Log10(from))); decade <= to; decade *= 10)
            foreach (double factor in new[] { 1.0, 2, 5 })
                if (decade * factor >= from && decade * factor <= to) yield return decade * factor;
    }

    private static IEnumerable<(string Name, int X, int Line)> Lay(IEnumerable<string> names, int left)
    {
        const int LetterWidth = 7;
        (int x, int line) = (left, 0);
        foreach (string name in names)
        {
            int width = 44 + (name.Length * LetterWidth);
            if (x > left && x + width > Width) (x, line) = (left, line + 1);
            yield return (name, x, line);
            x += width;
        }
    }

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
