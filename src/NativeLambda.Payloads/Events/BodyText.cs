using System.Text.Unicode;

namespace NativeLambda.Payloads.Events;

/// <summary>Decides whether a body is text, which stands in an event as it is, or anything else, which stands there as base64.</summary>
internal static class BodyText
{
    /// <summary>
    /// Whether the body goes as text: by its type, unless it is compressed. What is called text and is not UTF-8 would not come through a
    /// JSON string unchanged, and goes as base64.
    /// </summary>
    public static bool IsText(scoped HeaderTable headers, ReadOnlySpan<byte> body)
    {
        string? encoding = headers.First(HeaderKind.ContentEncoding);
        if (!string.IsNullOrEmpty(encoding) && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase)) return false;
        return IsTextType(headers.First(HeaderKind.ContentType)) && Utf8.IsValid(body);
    }

    /// <summary>
    /// Whether a type is text. Elastic Load Balancing documents the list, and HTTP APIs were seen to go by the same: a form
    /// (<c>application/x-www-form-urlencoded</c>) is none, nor is a body without a type.
    /// </summary>
    internal static bool IsTextType(string? contentType)
    {
        ReadOnlySpan<char> type = contentType;
        int semicolon = type.IndexOf(';');
        if (semicolon >= 0) type = type[..semicolon];
        type = type.Trim(" \t");
        if (Is(type, "application/json") || type.StartsWith("text/", StringComparison.OrdinalIgnoreCase)) return true;
        return Is(type, "application/javascript") || Is(type, "application/xml");
    }

    private static bool Is(ReadOnlySpan<char> type, string known) => type.Equals(known, StringComparison.OrdinalIgnoreCase);
}
