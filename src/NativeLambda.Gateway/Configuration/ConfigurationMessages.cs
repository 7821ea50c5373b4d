namespace NativeLambda.Gateway.Configuration;

/// <summary>What is told of the configuration to whoever operates the gateway.</summary>
internal static partial class ConfigurationMessages
{
    [LoggerMessage(EventId = 201, Level = LogLevel.Information, Message = "{File} was read anew and counts from now on; routes: {Routes}")]
    public static partial void Applied(ILogger logger, string file, int routes);

    [LoggerMessage(EventId = 202, Level = LogLevel.Error, Message = "The configuration was read anew and has mistakes; the one before still counts: {Mistakes}")]
    public static partial void Refused(ILogger logger, string mistakes);

    [LoggerMessage(EventId = 203, Level = LogLevel.Warning, Message = "\"{Part}\" has changed, which takes effect only when the gateway is started again")]
    public static partial void NeedsRestart(ILogger logger, string part);

    [LoggerMessage(EventId = 204, Level = LogLevel.Error, Message = "{File} cannot be watched any more: {Reason}. SIGHUP still reads it anew.")]
    public static partial void NotWatched(ILogger logger, string file, string reason);
}
