namespace NativeLambda.Benchmarks.Reporting;

/// <summary>
/// A document of which some parts are written by a program and the others by hand. A part stands between <c>&lt;!-- begin NAME --&gt;</c>
/// and <c>&lt;!-- end NAME --&gt;</c>, each on a line of its own.
/// </summary>
internal static class MarkedDocument
{
    /// <summary>Puts another text into a part; all else stays as it is, to the byte.</summary>
    /// <exception cref="BenchmarkException">The document has no such part, or has it twice.</exception>
    public static string Replace(string document, string part, string text)
    {
        (string begin, string end) = ($"<!-- begin {part} -->\n", $"<!-- end {part} -->");
        int from = Find(document, begin) + begin.Length, to = Find(document, end);
        if (to < from) throw new BenchmarkException($"part {part} of the document ends before it begins");
        return $"{document[..from]}\n{text.Trim('\n')}\n\n{document[to..]}";
    }

    private static int Find(string document, string marker)
    {
        int at = document.IndexOf(marker, StringComparison.Ordinal);
        if (at < 0) throw new BenchmarkException($"the document has no line {marker.Trim()}");
        return document.IndexOf(marker, at + 1, StringComparison.Ordinal) < 0
            ? at
            : throw new BenchmarkException($"the document has two lines {marker.Trim()}");
    }
}
