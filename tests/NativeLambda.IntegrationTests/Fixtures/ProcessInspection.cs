using System.Globalization;

namespace NativeLambda.IntegrationTests.Fixtures;

/// <summary>What Linux tells about a process from outside.</summary>
internal static class ProcessInspection
{
    /// <summary>
    /// State letter of a process: R running, S and D asleep, T stopped by a signal, Z ended and not yet waited for; null when
    /// there is no such process. A frozen cgroup does not show here (v2 shows S, v1 D): see <see cref="IsFrozen"/>.
    /// </summary>
    public static char? State(int pid) => Status(pid, "State")?[0];

    /// <summary>Most memory that was ever resident, in bytes.</summary>
    public static long PeakResidentBytes(int pid) => Kilobytes(pid, "VmHWM");

    /// <summary>Memory that is resident now, in bytes.</summary>
    public static long ResidentBytes(int pid) => Kilobytes(pid, "VmRSS");

    /// <summary>How many open descriptors are sockets, of any kind.</summary>
    public static int OpenSockets(int pid) => SocketInodes(pid).Count;

    /// <summary>Remote TCP ports of the IPv4 and IPv6 connections that the process holds in state ESTABLISHED.</summary>
    public static IReadOnlyList<int> EstablishedPorts(int pid)
    {
        const string Established = "01";
        HashSet<string> inodes = SocketInodes(pid);
        var ports = new List<int>();
        // The process's own view: it may be in a network namespace.
        foreach (string table in new[] { $"/proc/{pid}/net/tcp", $"/proc/{pid}/net/tcp6" })
        {
            if (!File.Exists(table))
                continue;
            foreach (string line in File.ReadLines(table).Skip(1))
            {
                // sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode
                string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                // Each once: the kernel may list a socket twice when the table changes while it is read.
                if (fields[3] == Established && inodes.Remove(fields[9]))
                    ports.Add(int.Parse(fields[2].Split(':')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
            }
        }

        return ports;
    }

    /// <summary>Whether a freezer of cgroup v1 or v2 holds the process, itself or through a group above it.</summary>
    public static bool IsFrozen(int pid)
    {
        foreach (string line in File.ReadLines($"/proc/{pid}/cgroup"))
        {
            // hierarchy:controllers:path
            string[] fields = line.Split(':', 3);
            string path = fields[2].TrimStart('/');
            if (fields[1].Split(',').Contains("freezer"))
            {
                if (Read(Path.Combine("/sys/fs/cgroup/freezer", path, "freezer.state")) == "FROZEN")
                    return true;
            }
            else if (fields[0] == "0")
            {
                foreach (string root in new[] { "/sys/fs/cgroup", "/sys/fs/cgroup/unified" })
                    if (Read(Path.Combine(root, path, "cgroup.events"))?.Split('\n').Contains("frozen 1") == true)
                        return true;
            }
        }

        return false;
    }

    /// <summary>The arguments, separated by spaces; empty for one that has ended, null where there is no such process.</summary>
    public static string? CommandLine(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline").Replace('\0', ' ').Trim();
        }
        catch (IOException)
        {
            return null; // As above.
        }
    }

    /// <summary>Whether the process cannot run: stopped by a signal or frozen.</summary>
    public static bool IsStoppedOrFrozen(int pid) => State(pid) == 'T' || IsFrozen(pid);

    private static string? Read(string file) => File.Exists(file) ? File.ReadAllText(file).Trim() : null;

    private static long Kilobytes(int pid, string field) =>
        1024 * long.Parse(
            (Status(pid, field) ?? throw new InvalidOperationException($"Process {pid} has no {field}.")).Split(' ')[0],
            CultureInfo.InvariantCulture);

    private static string? Status(int pid, string field)
    {
        try
        {
            return File.ReadLines($"/proc/{pid}/status")
                .FirstOrDefault(line => line.StartsWith(field + ":", StringComparison.Ordinal))?[(field.Length + 1)..].Trim();
        }
        catch (IOException)
        {
            return null; // No such process, or it ended while it was read (ESRCH).
        }
    }

    private static HashSet<string> SocketInodes(int pid)
    {
        const string Prefix = "socket:[";
        var inodes = new HashSet<string>();
        foreach (string descriptor in Directory.EnumerateFileSystemEntries($"/proc/{pid}/fd"))
        {
            // ResolveLinkTarget would make a path of the text; its last part is the text.
            string? target = TryReadLink(descriptor);
            if (target?.StartsWith(Prefix, StringComparison.Ordinal) == true)
                inodes.Add(target[Prefix.Length..^1]);
        }

        return inodes;
    }

    /// <summary>The text of a link below <c>/proc/PID/fd</c>, such as <c>socket:[4711]</c>; null when it is closed meanwhile.</summary>
    public static string? TryReadLink(string descriptor)
    {
        try
        {
            return Path.GetFileName(new FileInfo(descriptor).LinkTarget);
        }
        catch (IOException)
        {
            return null; // Closed between the listing and the look.
        }
    }
}
