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

    /// <summary>Of a server without a slot: each refusal costs it a process and a TLS handshake, time that those who are in need to get out.</summary>
    public static readonly TimeSpan ShortestWhenFull = TimeSpan.FromMilliseconds(100);

    private TimeSpan _previous = TimeSpan.Zero;

    /// <summary>The next wait: between the shortest and three times the previous one, at most the longest.</summary>
    /// <param name="isServerFull">Whether the attempt was refused for want of a slot.</param>
    public TimeSpan Next(bool isServerFull = false)
    {
        TimeSpan shortest = isServerFull ? ShortestWhenFull : Shortest;
        TimeSpan ceiling = 3 * (_previous > shortest ? _previous : shortest);
        _previous = shortest + (((ceiling < Longest ? ceiling : Longest) - shortest) * random.NextDouble());
        return _previous;
    }
}
