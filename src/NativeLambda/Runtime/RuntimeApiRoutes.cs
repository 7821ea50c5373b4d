namespace NativeLambda.Runtime;

/// <summary>The routes of the Runtime API.</summary>
internal static class RuntimeApiRoutes
{
    /// <summary>The environment variable that holds <c>host:port</c> of the Runtime API.</summary>
    public const string AddressVariable = "AWS_LAMBDA_RUNTIME_API";

    public const string Next = Root + "invocation/next";

    public const string InitError = Root + "init/error";

    private const string Root = "/2018-06-01/runtime/";

    public static string Response(string requestId) => Root + "invocation/" + Segment(requestId) + "/response";

    public static string InvocationError(string requestId) => Root + "invocation/" + Segment(requestId) + "/error";

    /// <summary>
    /// The id as one segment of a path. AWS's ids are UUIDs; whatever another platform sends must not reach past its segment, so
    /// what is not a letter, a digit, '-', '_', '.' or '~' is escaped, and what a server may resolve as a path is refused.
    /// </summary>
    private static string Segment(string requestId)
    {
        ArgumentException.ThrowIfNullOrEmpty(requestId);
        if (requestId is "." or "..")
            throw new ArgumentException($"'{requestId}' is not the id of an invocation.", nameof(requestId));
        return Uri.EscapeDataString(requestId);
    }
}
