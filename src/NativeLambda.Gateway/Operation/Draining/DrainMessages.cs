namespace NativeLambda.Gateway.Operation.Draining;

/// <summary>What is told of the end to whoever operates the gateway.</summary>
internal static partial class DrainMessages
{
    [LoggerMessage(EventId = 421, Level = LogLevel.Information, Message = "Ending: {InFlight} requests are under way; not ready from now on, no new connections in {Delay} s, {Timeout} s for those under way")]
    public static partial void Begun(ILogger logger, int inFlight, double delay, double timeout);

    [LoggerMessage(EventId = 422, Level = LogLevel.Warning, Message = "{Requests} requests were cut off after {Seconds} s")]
    public static partial void Cut(ILogger logger, int requests, double seconds);

    [LoggerMessage(EventId = 423, Level = LogLevel.Information, Message = "Every request was answered; ended after {Seconds} s")]
    public static partial void Done(ILogger logger, double seconds);
}
