namespace NativeLambda.Emulator.Functions;

/// <summary>Since when an environment is there and idle, and until when it may be.</summary>
internal sealed class Tenure
{
    private readonly TimeProvider _time;
    private readonly long _startedAt;
    private long _idleSince;

    public Tenure(TimeProvider time, bool provisioned)
    {
        _time = time;
        Provisioned = provisioned;
        _startedAt = _idleSince = time.GetTimestamp();
    }

    /// <summary>Whether it was started ahead of invocations: it is not given up for being idle.</summary>
    public bool Provisioned { get; }

    /// <summary>It has no invocation from now on.</summary>
    public void BeginIdle() => _idleSince = _time.GetTimestamp();

    /// <summary>How long an idle environment may stay; zero or less when it is to go now, nothing when it may stay for ever.</summary>
    public TimeSpan? TimeLeft(TimeSpan? idleTimeout, TimeSpan? maxAge)
    {
        TimeSpan? byAge = maxAge - _time.GetElapsedTime(_startedAt);
        TimeSpan? byIdling = Provisioned ? null : idleTimeout - _time.GetElapsedTime(_idleSince);
        return (byAge, byIdling) switch
        {
            ({ } age, { } idling) => age < idling ? age : idling,
            _ => byAge ?? byIdling,
        };
    }
}
