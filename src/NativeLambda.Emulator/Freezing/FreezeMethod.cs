namespace NativeLambda.Emulator.Freezing;

/// <summary>How an execution environment is frozen between invocations.</summary>
public enum FreezeMethod
{
    /// <summary>The best that this machine allows: control group v2, else v1, else signals.</summary>
    Auto,

    /// <summary>The freezer of control groups version 2 (<c>cgroup.freeze</c>).</summary>
    CgroupV2,

    /// <summary>The freezer controller of control groups version 1 (<c>freezer.state</c>).</summary>
    CgroupV1,

    /// <summary>SIGSTOP and SIGCONT to every process of the environment's session. Needs no privilege; the process can notice it.</summary>
    Signal,
}
