using NativeLambda.Emulator.Freezing;

namespace NativeLambda.Demo.Staging;

/// <summary>What the kernel says of a process, read past the emulator.</summary>
/// <param name="IsFrozen">Whether it stands still.</param>
/// <param name="Evidence">The file and what it says.</param>
internal readonly record struct KernelState(bool IsFrozen, string Evidence)
{
    public static KernelState Read(FreezeMethod method, int processId)
    {
        switch (method)
        {
            case FreezeMethod.CgroupV2:
                string events = Path.Combine(ControlGroup(processId, "0::", " - cgroup2 "), "cgroup.events");
                string line = File.ReadLines(events).FirstOrDefault(static line => line.StartsWith("frozen ", StringComparison.Ordinal)) ?? "";
                return new KernelState(line == "frozen 1", $"{events}: {line}");
            case FreezeMethod.CgroupV1:
                string file = Path.Combine(ControlGroup(processId, ":freezer:", ",freezer"), "freezer.state");
                string state = File.ReadAllText(file).Trim();
                return new KernelState(state == "FROZEN", $"{file}: {state}");
            default:
                string status = $"/proc/{processId}/status";
                string text = File.ReadLines(status).First(static line => line.StartsWith("State:", StringComparison.Ordinal));
                return new KernelState(text.StartsWith("State:\tT", StringComparison.Ordinal), $"{status}: {text.Replace('\t', ' ')}");
        }
    }

    /// <summary>CPU time, waiting time and time slices of all threads: equal texts mean that none has run between.</summary>
    public static string Schedule(int processId) => string.Join(
        '\n', Directory.EnumerateDirectories($"/proc/{processId}/task").Order(StringComparer.Ordinal).Select(static task => File.ReadAllText(Path.Combine(task, "schedstat"))));

    private static string ControlGroup(int processId, string hierarchy, string type)
    {
        string line = File.ReadLines($"/proc/{processId}/cgroup").First(line => line.Contains(hierarchy, StringComparison.Ordinal));
        string mount = File.ReadLines("/proc/self/mountinfo").First(line => line.Contains(type, StringComparison.Ordinal)).Split(' ')[4];
        return mount + line[(line.LastIndexOf(':') + 1)..];
    }
}
