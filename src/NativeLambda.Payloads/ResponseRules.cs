namespace NativeLambda.Payloads;

/// <summary>What HTTP has to say of a response, whatever the function returned.</summary>
public static class ResponseRules
{
    /// <summary>
    /// Whether a response may carry content: not to HEAD, not with 204 or 304. Source:
    /// <see href="https://www.rfc-editor.org/rfc/rfc9110#section-6.4.1">RFC 9110, 6.4.1</see>.
    /// </summary>
    public static bool HasContent(string method, int statusCode) =>
        statusCode is >= 200 and not (204 or 304) && !string.Equals(method, "HEAD", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a response may have a <c>Content-Length</c>: not with 204, whose length is none.</summary>
    public static bool HasLength(int statusCode) => statusCode is >= 200 and not (204 or 304);
}
