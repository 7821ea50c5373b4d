using NativeLambda.Emulator.Processes;

namespace NativeLambda.Emulator.Freezing;

/// <summary>Finds where this process may make control groups.</summary>
internal static class CgroupMount
{
    private const int WriteAccess = 2; // W_OK

    /// <summary>The directory under which groups of version 2 can be made, with controllers if there is such a one, or nothing.</summary>
    public static string? FindV2() =>
        FindV2(static group => IsWritable(group) && CgroupControllers.CanEnable(group)) ?? FindV2(IsWritable);

    /// <summary>The directory under which groups of a version 1 controller can be made, or nothing.</summary>
    public static string? FindV1(string controller = "freezer") => Find(
        File.ReadLines("/proc/self/mountinfo"), File.ReadLines("/proc/self/cgroup"), "cgroup", controller, IsWritable);

    /// <summary>
    /// This process's own group in the hierarchy where it is visible and writable (a delegated subtree needs no privilege), else the
    /// root of the mount.
    /// </summary>
    internal static string? Find(
        IEnumerable<string> mounts, IEnumerable<string> memberships, string fileSystem, string controller, Func<string, bool> isWritable)
    {
        string? own = memberships.Select(static line => line.Split(':', 3))
            .FirstOrDefault(fields => fields.Length == 3 && fields[1].Split(',').Contains(controller))?[2];
        foreach (string mount in mounts)
        {
            // "id parent device root point options [optional…] - type source options": see proc(5)
            string[] halves = mount.Split(" - ", 2);
            string[] before = halves[0].Split(' ');
            string[] after = halves.Length == 2 ? halves[1].Split(' ') : [];
            if (before.Length < 5 || after.Length < 3 || after[0] != fileSystem) continue;
            if (controller.Length > 0 && !after[2].Split(',').Contains(controller)) continue;
            string point = before[4].Replace("\\040", " ", StringComparison.Ordinal);
            if (own is { Length: > 1 } && isWritable(point + own)) return point + own;
            return isWritable(point) ? point : null;
        }
        return null;
    }

    private static string? FindV2(Func<string, bool> isUsable) => Find(
        File.ReadLines("/proc/self/mountinfo"), File.ReadLines("/proc/self/cgroup"), "cgroup2", "", isUsable);

    // A process may be moved by whom may write cgroup.procs of the common ancestor, which is this directory.
    private static bool IsWritable(string directory) =>
        NativeMethods.Access(directory, WriteAccess) == 0 && NativeMethods.Access(directory + "/cgroup.procs", WriteAccess) == 0;
}
