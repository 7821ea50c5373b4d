using System.Globalization;

namespace NativeLambda.Emulator.Freezing;

/// <summary>Clears the control groups of emulators that died together with their watchdog.</summary>
/// <remarks>
/// The name of a group says whose it is: process id, the time at which that process started (ids are reused) and the process id
/// namespace (another container's processes cannot be seen from here, and must not be taken for dead).
/// </remarks>
internal static class CgroupLeftovers
{
    private const string Prefix = "lambda-emulator-";

    /// <summary>The name of the group of an emulator in this process.</summary>
    public static string NameOf(int processId, string suffix) =>
        string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Namespace()}-{processId}-{StartTime(processId)}-{suffix}");

    /// <summary>A name for a group of this process.</summary>
    public static string NewName() => NameOf(Environment.ProcessId, Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture)[..8]);

    /// <summary>Kills and removes the groups whose emulator has ended.</summary>
    public static void Remove(string parent)
    {
        foreach (string group in Directory.GetDirectories(parent, Prefix + "*"))
        {
            if (!IsOrphan(Path.GetFileName(group))) continue;
            try
            {
                RemoveGroup(group);
            }
            catch (Exception gone) when (gone is DirectoryNotFoundException or FileNotFoundException)
            {
                // Its watchdog, or another emulator that starts now, is clearing it as well.
            }
        }
    }

    /// <summary>Deletes the plain directories of that name whose emulator has ended.</summary>
    public static void RemoveDirectories(string parent)
    {
        foreach (string directory in Directory.GetDirectories(parent, Prefix + "*"))
        {
            if (!IsOrphan(Path.GetFileName(directory))) continue;
            try
            {
                Directory.Delete(directory, recursive: true);
            }
            catch (DirectoryNotFoundException)
            {
                // Another emulator that starts now, or the watchdog, was quicker.
            }
        }
    }

    internal static bool IsOrphan(string name)
    {
        string[] parts = name[Prefix.Length..].Split('-');
        return parts.Length == 4
            && parts[0] == Namespace()
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int processId)
            && StartTime(processId) != parts[2];
    }

    private static void RemoveGroup(string group)
    {
        foreach (string environment in Directory.EnumerateDirectories(group))
        {
            CgroupDirectory.KillProcesses(environment);
            if (File.Exists(Path.Combine(environment, "freezer.state"))) CgroupDirectory.Write(environment, "freezer.state", "THAWED");
            CgroupDirectory.TryRemove(environment);
        }
        // What has not died yet keeps its group until the next start.
        CgroupDirectory.TryRemove(group);
    }

    private static string Namespace() =>
        new([.. (File.ResolveLinkTarget("/proc/self/ns/pid", returnFinalTarget: false)?.Name ?? "0").Where(char.IsAsciiDigit)]);

    private static string StartTime(int processId)
    {
        try
        {
            string stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/stat"));
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19];
        }
        catch (IOException)
        {
            return "none"; // no such process
        }
    }
}
