namespace NativeLambda.Gateway.Operation.Requests;

/// <summary>What is told of requests to whoever operates the gateway.</summary>
internal static partial class RequestMessages
{
    [LoggerMessage(EventId = 411, Level = LogLevel.Error, Message = "Request {RequestId} failed in the gateway itself")]
    public static partial void Unexpected(ILogger logger, Exception exception, string requestId);
}
