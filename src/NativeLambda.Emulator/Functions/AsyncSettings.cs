namespace NativeLambda.Emulator.Functions;

/// <summary>How asynchronous invocations of a function are retried, and where those go that failed for good.</summary>
internal sealed record AsyncSettings
{
    private static readonly TimeSpan LambdasRetryDelay = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LambdasFirstThrottleDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LambdasLongestThrottleDelay = TimeSpan.FromMinutes(5);

    /// <summary>How often an event is tried again after an error of the function.</summary>
    public required int MaximumRetryAttempts { get; init; }

    /// <summary>The age at which an event is given up.</summary>
    public required TimeSpan MaximumEventAge { get; init; }

    /// <summary>The pause before the first retry; all others are in proportion.</summary>
    public required TimeSpan RetryDelay { get; init; }

    /// <summary>The file of the events that failed for good; nothing for none.</summary>
    public required string? DeadLetterFile { get; init; }

    /// <summary>The pause after an error of the function: one minute, then two.</summary>
    public TimeSpan DelayAfterError(int attempts) => RetryDelay * attempts;

    /// <summary>The pause after a throttle: from one second, doubled each time, up to five minutes.</summary>
    public TimeSpan DelayAfterThrottle(int throttles)
    {
        double scale = RetryDelay / LambdasRetryDelay;
        TimeSpan delay = LambdasFirstThrottleDelay * Math.Pow(2, Math.Min(throttles - 1, 16));
        return (delay < LambdasLongestThrottleDelay ? delay : LambdasLongestThrottleDelay) * scale;
    }
}
