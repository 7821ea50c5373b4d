using NativeLambda.Emulator.Freezing;

namespace NativeLambda.Emulator.Environments;

/// <summary>An execution environment as it was at one moment.</summary>
public sealed record EnvironmentSnapshot
{
    /// <summary>The environment's id.</summary>
    public required string Id { get; init; }

    /// <summary>Its state.</summary>
    public required EnvironmentState State { get; init; }

    /// <summary>The id of the bootstrap's process, also that of its session and process group; nothing while there is none.</summary>
    public int? ProcessId { get; init; }

    /// <summary>How many processes the environment has started: more than one after a <see cref="EnvironmentState.Reset"/>.</summary>
    public int ProcessesStarted { get; init; }

    /// <summary>How many invocations were dispatched to it.</summary>
    public int Invocations { get; init; }

    /// <summary>How long the last successful Init took, from the start of the process until its first request for an invocation.</summary>
    public TimeSpan? InitDuration { get; init; }

    /// <summary>The Duration of the last REPORT line.</summary>
    public TimeSpan? LastDuration { get; init; }

    /// <summary>The request that it serves or has served last.</summary>
    public string? LastRequestId { get; init; }

    /// <summary>Whether it was frozen by a control in the middle of an invocation, and stands still in it.</summary>
    public bool StandsStill { get; init; }

    /// <summary>How it is frozen.</summary>
    public required FreezeMethod FreezeMethod { get; init; }

    /// <summary>Where its Runtime API listens.</summary>
    public required Uri RuntimeApi { get; init; }
}
