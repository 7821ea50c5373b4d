using System.Globalization;

namespace NativeLambda.Trials.Fleet;

/// <summary>What environments leave in the kernel.</summary>
internal static class Traces
{
    /// <summary>The CPU time that the processes have had so far, of all their threads, by the scheduler's own account.</summary>
    public static TimeSpan CpuOf(IEnumerable<int> processes)
    {
        long nanoseconds = 0;
        foreach (int process in processes)
            foreach (string thread in Directory.EnumerateDirectories(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/task")))
                nanoseconds += long.Parse(File.ReadAllText(Path.Combine(thread, "schedstat")).Split(' ')[0], CultureInfo.InvariantCulture);
        return TimeSpan.FromTicks(nanoseconds / 100);
    }

    /// <summary>How many of these processes live.</summary>
    public static int Living(IEnumerable<int> processes) =>
        processes.Count(static process => Directory.Exists(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}")));

    /// <summary>Interfaces of environments, whosever.</summary>
    public static IReadOnlySet<string> Interfaces() =>
        Directory.EnumerateFileSystemEntries("/sys/class/net", "lambda*").Select(static path => Path.GetFileName(path)).ToHashSet();
}
