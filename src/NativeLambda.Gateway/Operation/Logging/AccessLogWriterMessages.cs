namespace NativeLambda.Gateway.Operation.Logging;

/// <summary>What is told of the access log to whoever operates the gateway.</summary>
internal static partial class AccessLogWriterMessages
{
    [LoggerMessage(EventId = 401, Level = LogLevel.Error, Message = "The access log could not be written: {Reason}")]
    public static partial void Failed(ILogger logger, string reason);

    [LoggerMessage(EventId = 402, Level = LogLevel.Warning, Message = "The access log lost {Lines} lines: what it is written to could not follow or failed")]
    public static partial void Lost(ILogger logger, long lines);

    [LoggerMessage(EventId = 403, Level = LogLevel.Error, Message = "The access log took no more lines within {Seconds} s at the end")]
    public static partial void Stuck(ILogger logger, double seconds);
}
