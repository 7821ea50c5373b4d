namespace NativeLambda.Tests.TestSupport;

/// <summary>Two clocks that can part, as across a freeze: FakeTimeProvider moves both at once.</summary>
internal sealed class SteppingTimeProvider : TimeProvider
{
    private DateTimeOffset _wallClock = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private long _timestamp;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _timestamp;

    public override DateTimeOffset GetUtcNow() => _wallClock;

    public void StepWallClock(TimeSpan step) => _wallClock += step;

    public void StepMonotonic(TimeSpan step) => _timestamp += step.Ticks;
}
