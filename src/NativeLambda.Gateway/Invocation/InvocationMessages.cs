namespace NativeLambda.Gateway.Invocation;

/// <summary>What is told of invocations to whoever operates the gateway: never anything of a payload.</summary>
internal static partial class InvocationMessages
{
    [LoggerMessage(EventId = 401, Level = LogLevel.Warning, Message = "{Function} could not be invoked for {RequestId}: {Reason}")]
    public static partial void Refused(ILogger logger, string function, string requestId, string reason);

    [LoggerMessage(EventId = 402, Level = LogLevel.Warning, Message = "{Function} could not be reached for {RequestId}: {Reason}")]
    public static partial void Unreachable(ILogger logger, string function, string requestId, string reason);

    [LoggerMessage(EventId = 403, Level = LogLevel.Warning, Message = "The result of {Function} for {RequestId} cannot be a response: {Problem}")]
    public static partial void BadResult(ILogger logger, string function, string requestId, string? problem);
}
