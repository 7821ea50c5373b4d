namespace NativeLambda.Emulator.Sandboxing;

/// <summary>What the processes of one environment may use together.</summary>
/// <param name="MemoryBytes">Memory, file cache included, which gives way when it gets tight.</param>
/// <param name="Processors">The share of processors after Init, or nothing for all of them.</param>
/// <param name="Tasks">Processes and threads.</param>
internal sealed record ResourceLimits(long MemoryBytes, double? Processors, int Tasks)
{
    /// <summary>The memory size at which Lambda gives one whole processor.</summary>
    public const int MegabytesPerProcessor = 1769;

    /// <summary>Lambda's limit of processes and threads.</summary>
    public const int LambdaTasks = 1024;

    /// <summary>The limits of a function.</summary>
    public static ResourceLimits Of(int memorySizeMb, CpuShare cpu) => new(
        memorySizeMb * 1024L * 1024L,
        cpu == CpuShare.ByMemorySize ? (double)memorySizeMb / MegabytesPerProcessor : null,
        LambdaTasks);
}
