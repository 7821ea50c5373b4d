namespace NativeLambda.Http;

/// <summary>
/// An HTTP request, from an API Gateway HTTP API event (payload format 2.0) or a function URL. Tests of handlers make their own.
/// </summary>
/// <remarks>
/// Source: <see href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html">Lambda
/// integrations for HTTP APIs</see> and
/// <see href="https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads">function URL payloads</see>.
/// </remarks>
public sealed record HttpRequest
{
    private HttpQuery? _query;

    /// <summary>The method, as sent: it is case-sensitive.</summary>
    public string Method { get; init; } = HttpMethods.Get;

    /// <summary>
    /// The path in percent-encoded form, with its leading slash and without the name of the stage: <c>/products/a%20b</c>. The
    /// router decodes each segment once, so that an encoded slash stays inside its segment.
    /// </summary>
    public string Path { get; init; } = "/";

    /// <summary>The query as sent, without the question mark.</summary>
    public string RawQueryString
    {
        get;
        init
        {
            field = value;
            _query = null;
        }
    } = "";

    /// <summary>The parameters of <see cref="RawQueryString"/>, decoded. Parsed at the first use.</summary>
    public HttpQuery Query => _query ??= HttpQuery.Parse(RawQueryString);

    /// <summary>The header fields, without the cookies.</summary>
    public HttpHeaders Headers { get; init; } = [];

    /// <summary>The cookies, each as <c>name=value</c>.</summary>
    public IReadOnlyList<string> Cookies { get; init; } = [];

    /// <summary>The decoded values of the parameters in the template that the router matched.</summary>
    public IReadOnlyDictionary<string, string> RouteParameters { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// The body, decoded from base64 where it was sent so. Valid during the invocation: it may share the memory of the event.
    /// </summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The address of the client as the front door saw it; empty when the event does not say.</summary>
    public string SourceIp { get; init; } = "";

    /// <summary>The stage of the API; <c>$default</c> for a function URL.</summary>
    public string Stage { get; init; } = "$default";

    /// <summary>What the front door says about the request.</summary>
    public HttpRequestContext Context { get; init; } = new();
}
