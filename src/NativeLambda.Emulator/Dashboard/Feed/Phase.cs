namespace NativeLambda.Emulator.Dashboard.Feed;

/// <summary>What an environment is shown as.</summary>
internal enum Phase
{
    /// <summary>The Init phase.</summary>
    Init,

    /// <summary>Thawed, without an invocation.</summary>
    Idle,

    /// <summary>An invocation runs.</summary>
    Busy,

    /// <summary>An invocation runs, but the backend that the environment had is gone and no new one is seen yet.</summary>
    Reopening,

    /// <summary>Stands still between invocations.</summary>
    Frozen,

    /// <summary>Stands still in the middle of an invocation, by a control.</summary>
    Held,

    /// <summary>No process: the next invocation runs Init again.</summary>
    Reset,

    /// <summary>The Shutdown phase.</summary>
    Stopping,

    /// <summary>Gone. Shown for a while.</summary>
    Dead,
}
