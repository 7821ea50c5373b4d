namespace NativeLambda.Gateway.Operation.Systemd;

/// <summary>What is told of systemd to whoever operates the gateway.</summary>
internal static partial class SystemdMessages
{
    [LoggerMessage(EventId = 441, Level = LogLevel.Warning, Message = "systemd could not be told: {Reason}")]
    public static partial void Untold(ILogger logger, string reason);
}
