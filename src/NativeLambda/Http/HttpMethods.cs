namespace NativeLambda.Http;

/// <summary>The request methods that NativeLambda gives a meaning to.</summary>
/// <remarks>
/// Methods are case-sensitive. Source: <see href="https://www.rfc-editor.org/rfc/rfc9110#section-9">RFC 9110, section 9</see>.
/// </remarks>
public static class HttpMethods
{
    /// <summary>Reads a representation.</summary>
    public const string Get = "GET";

    /// <summary>As <see cref="Get"/>, answered without a body.</summary>
    public const string Head = "HEAD";

    /// <summary>Asks which methods a path allows.</summary>
    public const string Options = "OPTIONS";

    /// <summary>Processes the body; a repeat may have a second effect.</summary>
    public const string Post = "POST";

    /// <summary>Creates or replaces the resource.</summary>
    public const string Put = "PUT";

    /// <summary>Changes the resource in part.</summary>
    public const string Patch = "PATCH";

    /// <summary>Removes the resource.</summary>
    public const string Delete = "DELETE";

    /// <summary>
    /// Whether an invocation with this method may be run a second time without the handler saying so: GET, HEAD and OPTIONS,
    /// the safe methods. PUT and DELETE are idempotent in their effect, but not in their answer (201 then 200, 204 then 404).
    /// </summary>
    /// <param name="method">The method, as sent.</param>
    public static bool IsIdempotentByDefault(string method) => method is Get or Head or Options;
}
