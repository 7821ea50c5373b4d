namespace NativeLambda.Gateway.Operation.Logging;

/// <summary>A member of a line of the access log; the configuration and the line write it in camel case.</summary>
internal enum AccessLogField
{
    /// <summary>When the request came, in UTC with milliseconds.</summary>
    Time,

    /// <summary>The name of the request, which the client has as <c>apigw-requestid</c>.</summary>
    RequestId,

    /// <summary>The address of the client.</summary>
    ClientIp,

    /// <summary>The host that was asked for.</summary>
    Host,

    /// <summary>The method.</summary>
    Method,

    /// <summary>The path, still encoded, without its query.</summary>
    Path,

    /// <summary>The query, still encoded; not by default.</summary>
    Query,

    /// <summary>The protocol, such as <c>HTTP/2</c>.</summary>
    Protocol,

    /// <summary>The route that was chosen, such as <c>GET /products/{id}</c>.</summary>
    Route,

    /// <summary>The function that was called.</summary>
    Function,

    /// <summary>The status; 499 when the client went away before there was one.</summary>
    Status,

    /// <summary>The bytes of the request's body that were read.</summary>
    BytesIn,

    /// <summary>The bytes of the response's body that were written.</summary>
    BytesOut,

    /// <summary>How long all of it took, in milliseconds.</summary>
    DurationMs,

    /// <summary>How long the function's service took, in milliseconds.</summary>
    UpstreamMs,

    /// <summary>How often the call was made again.</summary>
    Retries,

    /// <summary>The service's name for the invocation.</summary>
    UpstreamRequestId,

    /// <summary>Why the gateway did not give a function's answer, such as <c>throttled</c>.</summary>
    Error,

    /// <summary>The name of the API key that was used.</summary>
    ApiKey,

    /// <summary>The trace's ID.</summary>
    TraceId,

    /// <summary>The client's <c>User-Agent</c>; not by default.</summary>
    UserAgent,
}
