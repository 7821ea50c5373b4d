namespace NativeLambda.Database;

/// <summary>
/// A moment on both clocks. Whether monotonic time runs on across a freeze is not documented, and wall-clock time can be set:
/// a gap is the larger of the two, and a wall clock that went back is a long gap.
/// </summary>
internal readonly record struct LifetimeMoment(long Timestamp, DateTimeOffset WallClock)
{
    /// <summary>Set back by less than this, a wall clock was slewed, not set.</summary>
    private static readonly TimeSpan Slew = TimeSpan.FromMilliseconds(50);

    public static LifetimeMoment Now(TimeProvider time) => new(time.GetTimestamp(), time.GetUtcNow());

    /// <summary>The gap between this moment and now; <see cref="TimeSpan.MaxValue"/> when the wall clock went back.</summary>
    public TimeSpan ElapsedUntilNow(TimeProvider time)
    {
        TimeSpan monotonic = time.GetElapsedTime(Timestamp);
        TimeSpan wall = time.GetUtcNow() - WallClock;
        if (wall < -Slew)
            return TimeSpan.MaxValue;
        return wall > monotonic ? wall : monotonic;
    }
}
