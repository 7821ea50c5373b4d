using System.Buffers;

namespace NativeLambda.Gateway.Routing;

/// <summary>The path of a route, such as <c>/products/{id}/{rest+}</c>: segments that are literal, one variable, or the rest of the path.</summary>
internal sealed record PathTemplate
{
    /// <summary>More are taken for a mistake.</summary>
    public const int MaxSegments = 64;

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-");

    // What RFC 3986 allows in a segment as it is, and letters of other alphabets, which stand percent-encoded in requests.
    private static readonly SearchValues<char> Forbidden = SearchValues.Create("{}?#%\"<>\\^`|");

    private PathTemplate(string text, IReadOnlyList<PathSegment> segments) => (Text, Segments) = (text, segments);

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>What it consists of; empty for <c>/</c>.</summary>
    public IReadOnlyList<PathSegment> Segments { get; }

    /// <summary>Reads a template.</summary>
    /// <exception cref="FormatException">It is none; the message says why.</exception>
    public static PathTemplate Parse(string text)
    {
        if (!text.StartsWith('/')) throw new FormatException($"a path begins with /, unlike \"{text}\"");
        if (text == "/") return new PathTemplate(text, []);
        if (text.EndsWith('/')) throw new FormatException("a path does not end with /: end it with {proxy+} to serve what is below it, its own / among that");
        PathSegment[] segments = [.. text[1..].Split('/').Select(ParseSegment)];
        if (segments.Length > MaxSegments) throw new FormatException($"{MaxSegments} segments are the most");
        if (segments.SkipLast(1).Any(static segment => segment.Kind == PathSegmentKind.Rest))
            throw new FormatException("a variable that takes the rest of the path ({name+}) is the last segment");
        IEnumerable<string> names = segments.Where(static segment => segment.Kind != PathSegmentKind.Literal).Select(static segment => segment.Text);
        if (names.GroupBy(static name => name).FirstOrDefault(static same => same.Count() > 1) is { } twice)
            throw new FormatException($"there are two variables named {twice.Key}");
        return new PathTemplate(text, segments);
    }

    /// <inheritdoc/>
    public bool Equals(PathTemplate? other) => other?.Text == Text;

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    private static PathSegment ParseSegment(string text)
    {
        if (text.Length == 0) throw new FormatException("a segment is empty: there is a / too many");
        if (text is "." or "..") throw new FormatException($"no request is served whose path has a segment \"{text}\"");
        if (text is ['{', .., '}'])
        {
            bool rest = text.EndsWith("+}", StringComparison.Ordinal);
            string name = text[1..^(rest ? 2 : 1)];
            if (name.Length == 0 || name.AsSpan().ContainsAnyExcept(NameCharacters))
                throw new FormatException($"\"{text}\" is no variable: letters, digits, '_', '.' and '-' make its name");
            return new PathSegment(rest ? PathSegmentKind.Rest : PathSegmentKind.Variable, name);
        }
        if (text.AsSpan().ContainsAny('{', '}')) throw new FormatException($"\"{text}\": a variable is a whole segment, such as {{id}}");
        if (text.AsSpan().ContainsAny(Forbidden) || text.Any(static character => char.IsControl(character) || char.IsWhiteSpace(character)))
            throw new FormatException($"\"{text}\" has a character that no path has; segments are written decoded, without % and spaces");
        return new PathSegment(PathSegmentKind.Literal, text);
    }
}

/// <summary>A segment of a template.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The text of a literal, decoded, or the variable's name.</param>
internal sealed record PathSegment(PathSegmentKind Kind, string Text);

/// <summary>What a segment of a template is.</summary>
internal enum PathSegmentKind
{
    /// <summary>Matches itself.</summary>
    Literal,

    /// <summary>Matches one segment that is not empty.</summary>
    Variable,

    /// <summary>Matches the rest of the path, which may be empty.</summary>
    Rest,
}
