namespace NativeLambda.Http;

/// <summary>What the front door (API Gateway or a function URL) says about a request besides the request itself.</summary>
/// <remarks>
/// Source: <see href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html">Lambda
/// integrations for HTTP APIs, payload format 2.0</see>, member <c>requestContext</c>.
/// </remarks>
public sealed record HttpRequestContext
{
    /// <summary>The front door's id of the request, which is not the id of the invocation.</summary>
    public string RequestId { get; init; } = "";

    /// <summary>The host name that the client called.</summary>
    public string DomainName { get; init; } = "";

    /// <summary>The route that the front door matched, such as <c>$default</c> or <c>GET /products/{id}</c>.</summary>
    public string RouteKey { get; init; } = "";

    /// <summary>When the front door received the request, in Unix milliseconds; 0 when the event does not say.</summary>
    public long TimeUnixMs { get; init; }

    /// <summary>
    /// What the authorizer (JWT, Lambda, IAM) found out about the caller: JSON as received; empty when there is none.
    /// </summary>
    public ReadOnlyMemory<byte> AuthorizerJson { get; init; }
}
