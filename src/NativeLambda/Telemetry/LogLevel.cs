namespace NativeLambda.Telemetry;

/// <summary>How serious a line of the log is.</summary>
/// <remarks>Source: <see href="https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html">Lambda, log-level filtering</see>.</remarks>
public enum LogLevel
{
    /// <summary>What the lifetime of the connection does, invocation by invocation.</summary>
    Debug,

    /// <summary>Something changed: a connection was replaced.</summary>
    Info,

    /// <summary>Something should be mended: a handler left a transaction open.</summary>
    Warn,

    /// <summary>An invocation or Init failed.</summary>
    Error,
}
