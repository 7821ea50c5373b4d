using System.Globalization;
using NativeLambda.Emulator.Freezing;

namespace NativeLambda.IntegrationTests.Emulator;

/// <summary>Reads from the kernel, past the emulator's own code, whether a process stands still and who is there.</summary>
internal static class KernelState
{
    public static bool IsFrozen(FreezeMethod method, int processId) => method switch
    {
        FreezeMethod.CgroupV2 => File.ReadAllText(Path.Combine(CgroupOf(processId, "0::"), "cgroup.events")).Contains("frozen 1", StringComparison.Ordinal),
        FreezeMethod.CgroupV1 => File.ReadAllText(Path.Combine(CgroupOf(processId, ":freezer:"), "freezer.state")).Trim() == "FROZEN",
        _ => StateOf(processId) == 'T',
    };

    public static string CgroupOf(int processId, string hierarchy)
    {
        string line = File.ReadLines($"/proc/{processId}/cgroup").Single(line => line.Contains(hierarchy, StringComparison.Ordinal));
        string controller = "," + hierarchy.Trim(':');
        string mount = File.ReadLines("/proc/self/mountinfo").First(line => hierarchy == "0::"
            ? line.Contains(" - cgroup2 ", StringComparison.Ordinal)
            : line.Contains(" - cgroup ", StringComparison.Ordinal) && line.EndsWith(controller, StringComparison.Ordinal)).Split(' ')[4];
        return mount + line[(line.LastIndexOf(':') + 1)..];
    }

    public static char StateOf(int processId)
    {
        string stat = File.ReadAllText($"/proc/{processId}/stat");
        return stat[stat.LastIndexOf(')') + 2];
    }

    /// <summary>The living descendants of a process, itself included.</summary>
    public static IReadOnlyList<int> Tree(int processId)
    {
        var parents = new Dictionary<int, int>();
        foreach (string directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out int id)) continue;
            try
            {
                string stat = File.ReadAllText(Path.Combine(directory, "stat"));
                parents[id] = int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
            }
            catch (IOException)
            {
                // It has just ended.
            }
        }
        var tree = new List<int> { processId };
        for (int index = 0; index < tree.Count; index++)
            tree.AddRange(parents.Where(pair => pair.Value == tree[index]).Select(pair => pair.Key));
        return tree;
    }
}
