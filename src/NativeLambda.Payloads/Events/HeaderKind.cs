namespace NativeLambda.Payloads.Events;

/// <summary>What a request's header is to an event.</summary>
internal enum HeaderKind
{
    /// <summary>It is passed on.</summary>
    Other,

    /// <summary>It belongs to the connection between the client and the front, and stays behind.</summary>
    HopByHop,

    /// <summary><c>Connection</c>, which stays behind, too, and names others that do.</summary>
    Connection,

    /// <summary><c>Cookie</c>.</summary>
    Cookie,

    /// <summary><c>Content-Type</c>.</summary>
    ContentType,

    /// <summary><c>Content-Encoding</c>.</summary>
    ContentEncoding,

    /// <summary><c>User-Agent</c>.</summary>
    UserAgent,

    /// <summary><c>X-Forwarded-For</c>, which the front completes.</summary>
    ForwardedFor,

    /// <summary><c>X-Forwarded-Port</c> or <c>X-Forwarded-Proto</c>, which are the front's to say.</summary>
    ForwardedByFront,

    /// <summary><c>X-Amzn-Trace-Id</c>.</summary>
    TraceId,
}
