namespace NativeLambda.Gateway.Operation.Tls;

/// <summary>What is told of certificates to whoever operates the gateway.</summary>
internal static partial class TlsMessages
{
    [LoggerMessage(EventId = 431, Level = LogLevel.Information, Message = "The certificate {File} was read again; it ends {NotAfter:u}")]
    public static partial void Reloaded(ILogger logger, string file, DateTimeOffset notAfter);

    [LoggerMessage(EventId = 432, Level = LogLevel.Error, Message = "The certificate was not replaced: {Reason}. The one that was read before is shown on; it ends {NotAfter:u}")]
    public static partial void Kept(ILogger logger, string reason, DateTimeOffset notAfter);

    [LoggerMessage(EventId = 433, Level = LogLevel.Warning, Message = "The certificate {File} ends {NotAfter:u}, in {Days:F1} days: replace the file, it is read again by itself")]
    public static partial void Ends(ILogger logger, string file, DateTimeOffset notAfter, double days);

    [LoggerMessage(EventId = 434, Level = LogLevel.Warning, Message = "Changes in {Directory} are not told by the system ({Reason}): it is looked at now and then instead")]
    public static partial void Unwatched(ILogger logger, string directory, string reason);
}
