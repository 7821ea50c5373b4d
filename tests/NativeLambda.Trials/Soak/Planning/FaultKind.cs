namespace NativeLambda.Trials.Soak.Planning;

/// <summary>What is done to the fleet behind its back.</summary>
internal enum FaultKind
{
    /// <summary>The backends that are idle, most of them of frozen environments, are terminated.</summary>
    TerminateIdle,

    /// <summary>Backends are terminated while they wait for a lock in the middle of a statement.</summary>
    TerminateInStatement,

    /// <summary>Statements are executed and committed, but their answers are lost: the connections are reset before.</summary>
    LoseAnswers,

    /// <summary>The server is stopped (fast) and started again a while later.</summary>
    RestartFast,

    /// <summary>The server is stopped without a goodbye (immediate), and recovers when it is started again a while later.</summary>
    RestartImmediate,

    /// <summary>All connections are reset (RST).</summary>
    Reset,

    /// <summary>All connections are dropped silently; new ones work.</summary>
    Swallow,

    /// <summary>The server stands still (SIGSTOP) for a while, sometimes for longer than a function may run.</summary>
    Suspend,

    /// <summary>Others take every connection slot for a while, those of the fleet's terminated backends included.</summary>
    FillSlots,

    /// <summary>All connections are reset, and new ones refused for a while.</summary>
    Refuse,

    /// <summary>All connections are dropped silently, and new ones not answered for a while.</summary>
    Ignore,

    /// <summary>An environment is ended by SIGKILL, whatever it does.</summary>
    KillEnvironment,

    /// <summary>An environment is shut down in order.</summary>
    ShutDownEnvironment,

    /// <summary>Another session holds locks on all products for a while, sometimes for longer than a function may run.</summary>
    LockRows,

    /// <summary>Each flight takes longer for a while.</summary>
    SlowNetwork,

    /// <summary>No client asks for anything for a while: every environment is frozen for at least so long.</summary>
    Lull,

    /// <summary>The password is changed, with the file that holds it, and all connections are lost, while every environment is frozen.</summary>
    RotatePassword,
}
