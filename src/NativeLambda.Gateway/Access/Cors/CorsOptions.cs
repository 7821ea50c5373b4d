namespace NativeLambda.Gateway.Access.Cors;

/// <summary>
/// The gateway's answer to browsers that ask from other origins, with the properties of an HTTP API's. Source:
/// <see href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html">API Gateway, Configuring CORS for an HTTP
/// API</see>.
/// </summary>
internal sealed record CorsOptions
{
    /// <summary>
    /// Origins such as <c>https://www.example.com</c>; <c>*</c> for every one; <c>https://*</c> and <c>http://*</c> for every one that
    /// begins so. One star may stand for anything elsewhere, too, such as in <c>https://*.example.com</c>.
    /// </summary>
    public required IReadOnlyList<string> AllowOrigins { get; init; }

    /// <summary>Methods, or <c>*</c>; none leaves <c>Access-Control-Allow-Methods</c> out.</summary>
    public IReadOnlyList<string> AllowMethods { get; init; } = [];

    /// <summary>Request headers, or <c>*</c>; none leaves <c>Access-Control-Allow-Headers</c> out.</summary>
    public IReadOnlyList<string> AllowHeaders { get; init; } = [];

    /// <summary>Response headers that scripts may read, or <c>*</c>; none leaves <c>Access-Control-Expose-Headers</c> out.</summary>
    public IReadOnlyList<string> ExposeHeaders { get; init; } = [];

    /// <summary>How long a browser may remember the answer, in whole seconds; null leaves it to the browser (five seconds by the Fetch standard).</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>Whether requests may carry cookies and other credentials; not together with the origin <c>*</c>.</summary>
    public bool AllowCredentials { get; init; }
}
