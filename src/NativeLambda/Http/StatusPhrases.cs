namespace NativeLambda.Http;

/// <summary>The phrases of the statuses that problems are made of.</summary>
/// <remarks>Source: <see href="https://www.rfc-editor.org/rfc/rfc9110#section-15">RFC 9110, section 15</see>, and RFC 6585 for 428, 429.</remarks>
internal static class StatusPhrases
{
    public static string For(int status) => status switch
    {
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        406 => "Not Acceptable",
        408 => "Request Timeout",
        409 => "Conflict",
        410 => "Gone",
        411 => "Length Required",
        412 => "Precondition Failed",
        413 => "Content Too Large",
        414 => "URI Too Long",
        415 => "Unsupported Media Type",
        422 => "Unprocessable Content",
        428 => "Precondition Required",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => status < 500 ? "Client Error" : "Server Error",
    };
}
