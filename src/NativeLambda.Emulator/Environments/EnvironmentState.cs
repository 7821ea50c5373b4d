namespace NativeLambda.Emulator.Environments;

/// <summary>The state of an execution environment.</summary>
public enum EnvironmentState
{
    /// <summary>The process runs its Init phase.</summary>
    Initializing,

    /// <summary>The runtime asks for an invocation, there is none, and the environment is not frozen (yet).</summary>
    Idle,

    /// <summary>An invocation runs, or what follows its response.</summary>
    Busy,

    /// <summary>Idle, and the kernel says that every process stands still.</summary>
    Frozen,

    /// <summary>
    /// There is no process: Init failed, or the process crashed or was killed at the timeout. The environment stays, and the next
    /// invocation runs Init again, under the function's timeout.
    /// </summary>
    Reset,

    /// <summary>The Shutdown phase.</summary>
    Stopping,

    /// <summary>Gone, with all its processes.</summary>
    Dead,
}
