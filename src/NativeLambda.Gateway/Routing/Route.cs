using NativeLambda.Gateway.Access;
using NativeLambda.Payloads;

namespace NativeLambda.Gateway.Routing;

/// <summary>A route: which requests it is for, and what becomes of them.</summary>
internal sealed record Route
{
    /// <summary>The largest event of an invocation whose result is waited for: Lambda's 6 MB.</summary>
    public const int MaxSyncEvent = 6 * 1024 * 1024;

    /// <summary>The largest event that Lambda queues: 1 MB.</summary>
    public const int MaxQueuedEvent = 1024 * 1024;

    /// <summary>Method and path template, such as <c>GET /products/{id}</c>, or <c>$default</c>.</summary>
    public required RouteKey Key { get; init; }

    /// <summary>The hosts that it is for, without ports, in lower case; empty for all.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>The function: its name, partial ARN or ARN, with or without a qualifier.</summary>
    public required string Function { get; init; }

    /// <summary>The functions by the stages' names, where <see cref="Function"/> has variables of the stage in it; else null.</summary>
    public IReadOnlyDictionary<string, string>? Functions { get; init; }

    /// <summary>The version or alias; null for what <see cref="Function"/> says.</summary>
    public string? Qualifier { get; init; }

    /// <summary>How the function is invoked.</summary>
    public InvokeMode Mode { get; init; }

    /// <summary>The form of events and results.</summary>
    public PayloadFormat Format { get; init; }

    /// <summary>Whether <c>rawPath</c> of payload 2.0 is decoded, as HTTP APIs do.</summary>
    public bool DecodePath { get; init; } = true;

    /// <summary>How long the function may take; 504 afterwards. An HTTP API's own default is 30 seconds, Lambda's most 900.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The largest body of a request, in bytes; 413 beyond.</summary>
    public int MaxBody { get; init; } = MaxSyncEvent;

    /// <summary>The largest event, in bytes: Lambda's own limit, which a body that must be base64 reaches sooner.</summary>
    public int MaxEvent => Mode == InvokeMode.Event ? MaxQueuedEvent : MaxSyncEvent;

    /// <summary>Who may use it, and how much.</summary>
    public RouteAccessOptions Access { get; init; } = RouteAccessOptions.Open;

    /// <inheritdoc/>
    public override string ToString() => Key.ToString();
}
