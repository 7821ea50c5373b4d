namespace NativeLambda.Gateway.Lambda.Resilience;

/// <summary>Whether a failed call is tried again, and when. Pure.</summary>
internal static class RetryPlan
{
    /// <summary>
    /// Why a call may be made again: null for all that may have reached the function. A function runs at most once for a request, unless
    /// its caller asks again.
    /// </summary>
    public static string? ReasonOf(Exception? failure) => failure switch
    {
        LambdaRefusedException { StatusCode: 429 } => "throttled",
        LambdaRefusedException { ErrorType: "EC2ThrottledException" or "ResourceNotReadyException" or "SnapStartNotReadyException" } => "not_ready",
        LambdaUnreachableException { MayHaveRun: false } => "not_sent",
        _ => null,
    };

    /// <summary>How long to wait before an attempt; null when there is no time for it.</summary>
    /// <param name="attempt">0 for the first one after the call itself.</param>
    /// <param name="first">What the first wait is about.</param>
    /// <param name="retryAfter">What the service asks for; null when it does not.</param>
    /// <param name="left">The time left.</param>
    /// <param name="random">Between 0 and 1: callers that failed together do not come again together.</param>
    public static TimeSpan? Delay(int attempt, TimeSpan first, TimeSpan? retryAfter, TimeSpan left, double random)
    {
        TimeSpan backOff = first * Math.Pow(2, Math.Min(attempt, 16));
        TimeSpan delay = retryAfter is { } asked ? asked + (first * random) : backOff * (0.5 + (random / 2));
        return delay < left ? delay : null;
    }
}
