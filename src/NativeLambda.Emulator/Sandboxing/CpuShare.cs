namespace NativeLambda.Emulator.Sandboxing;

/// <summary>How much of the processors an execution environment may use.</summary>
public enum CpuShare
{
    /// <summary>All of them, always: for tests and measurements of the function, which the memory size would slow down.</summary>
    Full,

    /// <summary>
    /// As Lambda: all of them in Init; from then on a share by the memory size, 1,769 MB for each processor, given anew every 20 ms.
    /// </summary>
    ByMemorySize,
}
