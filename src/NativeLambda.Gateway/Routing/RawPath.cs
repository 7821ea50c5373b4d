namespace NativeLambda.Gateway.Routing;

/// <summary>Paths as they stand in request lines: still encoded.</summary>
internal static class RawPath
{
    /// <summary>
    /// Whether a segment is <c>.</c> or <c>..</c>, encoded or not. No client sends one that has resolved its URL (RFC 3986, 5.2.4), and to
    /// let one through would show one path to the routes and their authorizers and another one to a function that resolves it.
    /// </summary>
    public static bool HasDotSegment(ReadOnlySpan<char> path)
    {
        if (path.IndexOf('.') < 0 && path.IndexOf("%2e", StringComparison.OrdinalIgnoreCase) < 0) return false;
        foreach (Range range in path.Split('/'))
            if (IsDots(path[range])) return true;
        return false;
    }

    /// <summary>Decodes a segment, or several. What is no UTF-8, or no encoding at all, stays as it is.</summary>
    public static string Decode(ReadOnlySpan<char> text) => text.Contains('%') ? Uri.UnescapeDataString(text) : text.ToString();

    private static bool IsDots(ReadOnlySpan<char> segment)
    {
        int dots = 0;
        while (segment.Length > 0 && dots < 3)
        {
            if (segment[0] == '.') segment = segment[1..];
            else if (segment.StartsWith("%2e", StringComparison.OrdinalIgnoreCase)) segment = segment[3..];
            else return false;
            dots++;
        }
        return dots is 1 or 2;
    }
}
