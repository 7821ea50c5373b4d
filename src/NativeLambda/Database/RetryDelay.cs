namespace NativeLambda.Database;

/// <summary>
/// Waits between attempts to open: exponential with decorrelated jitter, so that a fleet that was refused together does not
/// come back together.
/// </summary>
/// <remarks>Source: <see href="https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/">AWS, exponential backoff and jitter</see>.</remarks>
internal struct RetryDelay(Random random)
{
    public static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(25);
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private TimeSpan _previous = Shortest;

    /// <summary>The next wait: between the shortest and three times the previous one, at most the longest.</summary>
    public TimeSpan Next()
    {
        TimeSpan ceiling = _previous * 3;
        TimeSpan drawn = Shortest + ((ceiling - Shortest) * random.NextDouble());
        _previous = drawn < Longest ? drawn : Longest;
        return _previous;
    }
}
