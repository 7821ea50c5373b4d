namespace NativeLambda.Gateway.Access;

/// <summary>What is told of access to whoever operates the gateway.</summary>
internal static partial class AccessLogMessages
{
    [LoggerMessage(EventId = 301, Level = LogLevel.Error, Message = "The keys of the issuer {Issuer} could not be read: {Reason}")]
    public static partial void IssuerUnavailable(ILogger logger, string issuer, string reason);
}
