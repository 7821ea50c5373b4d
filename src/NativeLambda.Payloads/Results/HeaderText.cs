using System.Buffers;
using System.Text;

namespace NativeLambda.Payloads.Results;

/// <summary>
/// Names and values of a response's headers: what HTTP cannot carry does not get through. A line feed in a value would begin a header, or a
/// response, that the function's author never wrote. Source:
/// <see href="https://www.rfc-editor.org/rfc/rfc9110#section-5.5">RFC 9110, 5.1, 5.5</see>.
/// </summary>
internal static class HeaderText
{
    private static readonly SearchValues<byte> NameBytes =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private static readonly SearchValues<byte> ValueBytes =
        SearchValues.Create([(byte)'\t', .. Enumerable.Range(' ', '~' - ' ' + 1).Select(static code => (byte)code)]);

    // What nearly every response has costs no memory.
    private static readonly string[] KnownNames =
    [
        "content-type", "cache-control", "location", "etag", "vary", "date", "x-request-id", "last-modified", "content-encoding", "set-cookie",
        "access-control-allow-origin", "access-control-allow-methods", "access-control-allow-headers", "access-control-allow-credentials",
        "strict-transport-security", "x-content-type-options", "retry-after",
    ];

    private static readonly string[] KnownValues =
    [
        "application/json", "application/json; charset=utf-8", "application/problem+json", "text/plain", "text/plain; charset=utf-8",
        "text/html", "text/html; charset=utf-8", "no-store", "no-cache", "nosniff", "*", "true",
    ];

    /// <summary>The name in lower case; null for what cannot be a name.</summary>
    public static string? Name(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || text.ContainsAnyExcept(NameBytes)) return null;
        foreach (string known in KnownNames)
            if (known.Length == text.Length && Ascii.EqualsIgnoreCase(text, known)) return known;
        return string.Create(text.Length, text, static (characters, bytes) => Ascii.ToLower(bytes, characters, out _));
    }

    /// <summary>The value; null for what cannot be one.</summary>
    public static string? Value(ReadOnlySpan<byte> text)
    {
        if (text.ContainsAnyExcept(ValueBytes)) return null;
        foreach (string known in KnownValues)
            if (known.Length == text.Length && Ascii.Equals(text, known)) return known;
        return Encoding.ASCII.GetString(text);
    }

    /// <summary>
    /// Whether a header belongs to the connection between the front and its client, or is the front's to say. Source:
    /// <see href="https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1">RFC 9110, 7.6.1</see>.
    /// </summary>
    /// <param name="name">The name in lower case.</param>
    public static bool IsOfConnection(string name) => name is
        "connection" or "content-length" or "keep-alive" or "proxy-authenticate" or "proxy-connection" or "te" or "trailer"
        or "transfer-encoding" or "upgrade";
}
