namespace NativeLambda.Database;

/// <summary>What is known about the connection that an invocation was lent.</summary>
public readonly record struct ConnectionFacts
{
    /// <summary>The process id of the backend that serves the session (<c>pg_backend_pid()</c>).</summary>
    public required int BackendPid { get; init; }

    /// <summary>When the physical connection was opened.</summary>
    public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>How many physical connections this execution environment has opened, this one included.</summary>
    public required int Opens { get; init; }

    /// <summary>How many invocations this execution environment has served, this one included.</summary>
    public required long Invocations { get; init; }

    /// <summary>How many invocations were served on this physical connection, this one included.</summary>
    public required long ReusedFor { get; init; }

    /// <summary>The time between the last moment the connection was known to be good and this invocation.</summary>
    public required TimeSpan Gap { get; init; }

    /// <summary>How the connection was verified for this invocation.</summary>
    public required ConnectionCheck Check { get; init; }

    /// <summary>How long opening this physical connection took, retries included.</summary>
    public required TimeSpan OpenDuration { get; init; }

    /// <summary>How long Init took, from the start of the process to the first request for an invocation.</summary>
    public required TimeSpan InitDuration { get; init; }
}
