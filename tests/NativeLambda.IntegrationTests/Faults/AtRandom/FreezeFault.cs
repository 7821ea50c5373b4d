namespace NativeLambda.IntegrationTests.Faults.AtRandom;

/// <summary>What is done behind the back of a frozen environment: F1 to F6 of the fault matrix, some in several ways.</summary>
internal enum FreezeFault
{
    /// <summary>F1: its backend is terminated.</summary>
    Terminated,

    /// <summary>F2: the server is restarted, fast.</summary>
    RestartedFast,

    /// <summary>F2: the server is restarted, immediate.</summary>
    RestartedImmediate,

    /// <summary>F3: <c>idle_session_timeout</c> fires.</summary>
    IdleTimeout,

    /// <summary>F4: the connection is reset (RST).</summary>
    Reset,

    /// <summary>F5: the flow is dropped silently.</summary>
    SilentDrop,

    /// <summary>F6: the server stands still, and goes on as soon as the environment is thawed.</summary>
    HungAtThaw,

    /// <summary>F6: the server stands still until the environment has given the connection up and opens another one.</summary>
    HungUntilReplaced,

    /// <summary>F6: the server stands still for longer than the invocation may take.</summary>
    HungThroughout,

    /// <summary>F6 at its worst: the server is stopped, and started again after the answer.</summary>
    Down,
}
