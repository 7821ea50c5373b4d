namespace NativeLambda.Database;

/// <summary>A time that several steps share, none of which may use it up: the invocation must end before its deadline.</summary>
internal readonly struct TimeBudget(TimeSpan total, TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();

    /// <summary>How long the next step may take: half of what is left, so that another one can follow, and at most as given.</summary>
    public TimeSpan ForOneStep(TimeSpan most)
    {
        TimeSpan half = (total - time.GetElapsedTime(_start)) / 2;
        return half <= TimeSpan.Zero ? TimeSpan.Zero : half < most ? half : most;
    }
}
