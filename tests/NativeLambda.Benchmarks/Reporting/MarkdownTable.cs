using System.Text;

namespace NativeLambda.Benchmarks.Reporting;

/// <summary>A Markdown table that is being written.</summary>
internal sealed class MarkdownTable
{
    private readonly StringBuilder _text = new();

    /// <summary>Begins one with its columns.</summary>
    public MarkdownTable(params IEnumerable<string> columns)
    {
        string[] all = [.. columns];
        Row(all);
        Row(all.Select(static (_, index) => index == 0 ? "---" : "---:"));
    }

    /// <summary>Adds a row.</summary>
    public void Row(params IEnumerable<string> cells) => _text.Append("| ").AppendJoin(" | ", cells.Select(Escape)).Append(" |\n");

    /// <summary>The table.</summary>
    public override string ToString() => _text.ToString();

    private static string Escape(string cell) => cell.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ");
}
