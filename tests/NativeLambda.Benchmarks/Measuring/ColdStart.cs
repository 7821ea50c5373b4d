namespace NativeLambda.Benchmarks.Measuring;

/// <summary>What was measured of one process from exec to its first answer.</summary>
internal sealed record ColdStart
{
    /// <summary>The timestamp right before exec.</summary>
    public required long StartedAt { get; init; }

    /// <summary>The timestamp of the first <c>next</c>.</summary>
    public required long NextAt { get; init; }

    /// <summary>The timestamp when the last byte of the first answer had come.</summary>
    public required long AnsweredAt { get; init; }

    /// <summary>From right before exec until the last byte of the first answer had come.</summary>
    public required TimeSpan Wall { get; init; }

    /// <summary>From right before exec until the first <c>next</c>: the Init phase.</summary>
    public required TimeSpan Init { get; init; }

    /// <summary>From exec until the first connection to the Runtime API.</summary>
    public required TimeSpan Connected { get; init; }

    /// <summary>From the event until the answer.</summary>
    public required TimeSpan FirstInvocation { get; init; }

    /// <summary>User and system time until the second <c>next</c>, with which the environment would be frozen.</summary>
    public required TimeSpan Cpu { get; init; }

    /// <summary>What it held at the second <c>next</c>.</summary>
    public required ProcessState State { get; init; }

    /// <summary>What it used until it was killed there.</summary>
    public required ProcessUsage Usage { get; init; }

    /// <summary>The first answer.</summary>
    public required byte[] Answer { get; init; }
}
