using NativeLambda.Database;
using NativeLambda.Telemetry.Lifetime;

namespace NativeLambda.Telemetry;

/// <summary>
/// Told of each transition of a connection's lifetime, once, by who makes it; the log and the metrics are made of that and of nothing
/// else. Neither allocates where it is off.
/// </summary>
internal sealed class LifetimeTelemetry(TelemetrySettings settings, LambdaLog log, TimeProvider time)
{
    private readonly MetricBatch? _metrics = settings.Metrics ? new MetricBatch(log, time, settings.FunctionName) : null;
    private CloseCause? _replaced;

    /// <summary>A connection is open.</summary>
    public void Opened(in OpenedSession opened, string? requestId)
    {
        log.Write(new ConnectionOpened(opened.Session.BackendPid, opened.Duration, opened.Attempts, _replaced), requestId);
        _metrics?.Opened(opened.Duration, _replaced);
    }

    /// <summary>An invocation found an open connection, after a gap; <see cref="TimeSpan.MaxValue"/> where nobody can say how long.</summary>
    public void Thawed(TimeSpan gap)
    {
        if (gap != TimeSpan.MaxValue)
            _metrics?.Thawed(gap);
    }

    /// <summary>It was found good.</summary>
    public void Verified(in ConnectionVerified verified, string requestId) => log.Write(verified, requestId);

    /// <summary>A connection was closed.</summary>
    public void Closed(in ConnectionClosed closed, string? requestId)
    {
        log.Write(closed, requestId);
        _replaced = closed.Reason.Cause;
    }

    /// <summary>Others were terminated to make room.</summary>
    public void Evicted(in ServerLoad load)
    {
        log.Write(new SessionEvicted(load));
        _metrics?.Evicted(load.Evicted);
    }

    /// <summary>A handler threw, or left something behind. The caller logs it.</summary>
    public void HandlerFailed() => _metrics?.HandlerFailed();

    /// <summary>The invocation is over.</summary>
    public void InvocationEnded() => _metrics?.WriteDue();

    /// <summary>The environment ends.</summary>
    public void ShutDown() => _metrics?.WriteAll();
}
