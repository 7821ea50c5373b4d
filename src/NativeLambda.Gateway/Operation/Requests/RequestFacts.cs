using NativeLambda.Gateway.Lambda;

namespace NativeLambda.Gateway.Operation.Requests;

/// <summary>
/// What becomes known of a request on its way through the gateway: the access log, the metrics and the trace read it at the end. One
/// belongs to each request, and the outermost middleware puts it there.
/// </summary>
/// <param name="requestId">The name of the request.</param>
/// <param name="time">When it came.</param>
/// <param name="timestamp">When it came, by the monotonic clock.</param>
internal sealed class RequestFacts(string requestId, DateTimeOffset time, long timestamp) : ICallObserver
{
    /// <summary>The name of the request: <c>requestContext.requestId</c>, and <c>apigw-requestid</c> of the response.</summary>
    public string RequestId => requestId;

    /// <summary>When it came.</summary>
    public DateTimeOffset Time => time;

    /// <summary>When it came, by the monotonic clock.</summary>
    public long Timestamp => timestamp;

    /// <summary>The key of the route; null as long as none was chosen.</summary>
    public string? Route { get; set; }

    /// <summary>The function that was called; null as long as none was.</summary>
    public string? Function { get; set; }

    /// <summary>The service's name for the invocation.</summary>
    public string? UpstreamRequestId { get; set; }

    /// <summary>How long the calls took together, with what lay between them; null as long as none was made.</summary>
    public TimeSpan? Upstream { get; set; }

    /// <summary>How often the call was made again.</summary>
    public int Retries { get; set; }

    /// <summary>The bytes of the request's body.</summary>
    public long BytesIn { get; set; }

    /// <summary>The bytes of the response's body.</summary>
    public long BytesOut { get; set; }

    /// <summary>The bytes of the event; 0 as long as there is none.</summary>
    public long EventBytes { get; set; }

    /// <summary>Why the gateway did not give a function's answer, in a word such as <c>throttled</c>; never anything of the client's.</summary>
    public string? Error { get; set; }

    /// <summary>The name of the API key that was used.</summary>
    public string? ApiKey { get; set; }

    /// <summary>The value of <c>X-Amzn-Trace-Id</c> for the function.</summary>
    public string? TraceHeader { get; set; }

    /// <summary>The trace's ID in W3C's words: 32 hexadecimal digits.</summary>
    public string? TraceId { get; set; }

    void ICallObserver.Retried() => Retries++;

    /// <summary>Those of a request.</summary>
    /// <exception cref="InvalidOperationException">The outermost middleware did not run.</exception>
    public static RequestFacts Of(HttpContext context) =>
        context.Features.Get<RequestFacts>() ?? throw new InvalidOperationException("the request has no facts: RequestObserver must run first");
}
