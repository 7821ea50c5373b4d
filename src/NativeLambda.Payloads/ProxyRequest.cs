namespace NativeLambda.Payloads;

/// <summary>An HTTP request on its way to a function: what an event tells of it.</summary>
public sealed record ProxyRequest
{
    /// <summary>The method, as it stood in the request line.</summary>
    public required string Method { get; init; }

    /// <summary>The path as it stood in the request line, still encoded.</summary>
    public required string RawPath { get; init; }

    /// <summary>
    /// Whether <c>rawPath</c> of <see cref="PayloadFormat.Version2"/> is decoded, as HTTP APIs do. Decoding cannot be undone: a slash inside
    /// a segment, a question mark and an encoded percent sign are no longer told apart from those of the path itself. Function URLs leave
    /// the path as it was sent, and so do load balancers and format 1.0.
    /// </summary>
    public bool DecodePath { get; init; }

    /// <summary>The query as it stood in the request line, still encoded, without its question mark.</summary>
    public required string RawQuery { get; init; }

    /// <summary>The protocol, such as <c>HTTP/1.1</c>.</summary>
    public required string Protocol { get; init; }

    /// <summary>The headers in their order; a name may occur more than once.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }

    /// <summary>The body.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The address of the client.</summary>
    public required string SourceIp { get; init; }

    /// <summary>The host that was asked for, with its port where it was named.</summary>
    public required string Host { get; init; }

    /// <summary><c>http</c> or <c>https</c>.</summary>
    public string Scheme { get; init; } = "http";

    /// <summary>The name of the request: <c>requestContext.requestId</c>.</summary>
    public required string RequestId { get; init; }

    /// <summary>When it came.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The route that was chosen, such as <c>GET /products/{id}</c> or <c>$default</c>.</summary>
    public string RouteKey { get; init; } = "$default";

    /// <summary>The stage, such as <c>$default</c> or <c>prod</c>.</summary>
    public string Stage { get; init; } = "$default";

    /// <summary>The values of the route's parameters, decoded.</summary>
    public IReadOnlyDictionary<string, string> PathParameters { get; init; } = new Dictionary<string, string>();

    /// <summary>The variables of the stage.</summary>
    public IReadOnlyDictionary<string, string> StageVariables { get; init; } = new Dictionary<string, string>();

    /// <summary>The account that the API belongs to; a function URL without authentication has none and says <c>anonymous</c>.</summary>
    public string AccountId { get; init; } = "anonymous";

    /// <summary>The API's ID; null for the first label of the host.</summary>
    public string? ApiId { get; init; }

    /// <summary>What a JWT authorizer found out; null where there is none.</summary>
    public JwtIdentity? Jwt { get; init; }

    /// <summary>The <c>X-Amzn-Trace-Id</c> that the event tells of, in place of the client's; null leaves what the client sent.</summary>
    public string? TraceHeader { get; init; }

    /// <summary>The ARN of the target group, of a load balancer's events.</summary>
    public string? TargetGroupArn { get; init; }
}
