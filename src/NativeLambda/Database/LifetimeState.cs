namespace NativeLambda.Database;

/// <summary>Where the connection is in its lifetime.</summary>
internal enum LifetimeState
{
    /// <summary>There is no connection.</summary>
    Absent,

    /// <summary>A connection is being opened.</summary>
    Opening,

    /// <summary>Open and clean; the environment may be frozen.</summary>
    Idle,

    /// <summary>An invocation arrived; the connection is being verified.</summary>
    Checking,

    /// <summary>A handler has it.</summary>
    Lent,

    /// <summary>The handler is done; the session is being cleaned.</summary>
    TakingBack,

    /// <summary>Shut down for good.</summary>
    Closed,
}

/// <summary>What moves the connection from one state to another.</summary>
internal enum LifetimeEvent
{
    OpenStarted,
    OpenSucceeded,
    OpenFailed,
    InvocationArrived,
    CheckFailed,
    HandlerStarted,
    HandlerEnded,
    Cleaned,
    Discarded,
    ShutDown,
}

/// <summary>The state machine: every transition that there is. Anything else is a bug and throws.</summary>
internal static class LifetimeTransitions
{
    public static LifetimeState After(this LifetimeState state, LifetimeEvent happened) => (state, happened) switch
    {
        (LifetimeState.Absent, LifetimeEvent.OpenStarted) => LifetimeState.Opening,
        (LifetimeState.Opening, LifetimeEvent.OpenSucceeded) => LifetimeState.Idle,
        (LifetimeState.Opening, LifetimeEvent.OpenFailed) => LifetimeState.Absent,
        (LifetimeState.Idle, LifetimeEvent.InvocationArrived) => LifetimeState.Checking,
        (LifetimeState.Checking, LifetimeEvent.CheckFailed) => LifetimeState.Absent,
        (LifetimeState.Checking, LifetimeEvent.HandlerStarted) => LifetimeState.Lent,
        (LifetimeState.Idle, LifetimeEvent.HandlerStarted) => LifetimeState.Lent,
        (LifetimeState.Lent, LifetimeEvent.HandlerEnded) => LifetimeState.TakingBack,
        (LifetimeState.Lent, LifetimeEvent.Discarded) => LifetimeState.Absent,
        (LifetimeState.TakingBack, LifetimeEvent.Cleaned) => LifetimeState.Idle,
        (LifetimeState.TakingBack, LifetimeEvent.Discarded) => LifetimeState.Absent,
        (not LifetimeState.Closed, LifetimeEvent.ShutDown) => LifetimeState.Closed,
        _ => throw new InvalidOperationException($"The connection is {state}: {happened} cannot happen now."),
    };
}
