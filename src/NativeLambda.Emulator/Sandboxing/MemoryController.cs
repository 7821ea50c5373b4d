using System.Globalization;

namespace NativeLambda.Emulator.Sandboxing;

/// <summary>Limits the memory of an environment, without swap, and tells what became of that.</summary>
internal sealed class MemoryController(ControllerGroup group)
{
    /// <summary>Sets the limit of a new group.</summary>
    public void Limit(long bytes)
    {
        string value = bytes.ToString(CultureInfo.InvariantCulture);
        if (group.IsVersion2)
        {
            group.Write("memory.max", value);
            if (group.Has("memory.swap.max")) group.Write("memory.swap.max", "0");
            return;
        }
        group.Write("memory.limit_in_bytes", value);
        // Memory and swap together: absent where the kernel does not account for swap.
        if (group.Has("memory.memsw.limit_in_bytes")) group.Write("memory.memsw.limit_in_bytes", value);
    }

    /// <summary>How many processes the kernel has killed here because the limit was reached.</summary>
    public long ReadKills() => group.ReadNumber(group.IsVersion2 ? "memory.events" : "memory.oom_control", "oom_kill") ?? 0;

    /// <summary>The most that was held at once, in bytes, without the file cache; nothing where the kernel does not say.</summary>
    /// <remarks>
    /// The kernel's peak counts the file cache, which is there only because nobody else needs the memory, and charges it to who reads
    /// a file first. What is cached now is subtracted, so the figure is exact unless cache was given up or grew after the peak.
    /// </remarks>
    public long? ReadPeak()
    {
        string file = group.IsVersion2 ? "memory.peak" : "memory.max_usage_in_bytes";
        if (!group.Has(file)) return null; // before Linux 5.19
        string prefix = group.IsVersion2 ? "" : "total_";
        long cached = group.ReadNumber("memory.stat", prefix + (group.IsVersion2 ? "file" : "cache")) ?? 0;
        long shared = group.ReadNumber("memory.stat", prefix + "shmem") ?? 0;
        return Math.Max(group.ReadNumber(file) - (cached - shared), 0);
    }
}
