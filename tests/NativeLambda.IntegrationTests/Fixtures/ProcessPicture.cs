using System.Globalization;
using System.Text;

namespace NativeLambda.IntegrationTests.Fixtures;

/// <summary>
/// What a process is doing at the moment, as text for a person: where each thread waits in the kernel, what its descriptors are, what is
/// left in its sockets. Never its environment, which holds the password.
/// </summary>
internal static class ProcessPicture
{
    // include/net/tcp_states.h
    private static readonly string[] TcpStates =
    [
        "?", "ESTABLISHED", "SYN_SENT", "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2", "TIME_WAIT", "CLOSE", "CLOSE_WAIT", "LAST_ACK", "LISTEN",
        "CLOSING", "NEW_SYN_RECV",
    ];

    /// <summary>The process and those that it has started.</summary>
    public static string Of(int pid)
    {
        var picture = new StringBuilder();
        Append(picture, pid);
        return picture.ToString();
    }

    /// <summary>
    /// The pool that runs this process's continuations: with more work waiting than threads, whatever is late may be late because of us.
    /// </summary>
    public static string OfThreadPool()
    {
        ThreadPool.GetMinThreads(out int least, out _);
        return $"the tests' own thread pool: {ThreadPool.ThreadCount} threads (at least {least}), {ThreadPool.PendingWorkItemCount} work items wait, {ThreadPool.CompletedWorkItemCount} are done";
    }

    /// <summary>Which processes hold the other end of, or a share in, what a link of <c>/proc/PID/fd</c> names, such as <c>pipe:[4711]</c>.</summary>
    public static string HoldersOf(string link)
    {
        IEnumerable<string> holders =
            from directory in Directory.EnumerateDirectories("/proc")
            let name = Path.GetFileName(directory)
            where name.All(char.IsAsciiDigit)
            let pid = int.Parse(name, CultureInfo.InvariantCulture)
            let descriptors = Descriptors(pid).Where(descriptor => descriptor.Target == link).Select(descriptor => descriptor.Number).ToArray()
            where descriptors.Length > 0
            select $"  {pid} ({Read($"/proc/{pid}/comm")}) as {string.Join(", ", descriptors)}";
        return $"{link} is held by\n{string.Join('\n', holders)}";
    }

    private static void Append(StringBuilder picture, int pid)
    {
        string status = Read($"/proc/{pid}/status");
        IEnumerable<string> facts = status.Split('\n').Where(line =>
            line.StartsWith("State:", StringComparison.Ordinal) || line.StartsWith("PPid:", StringComparison.Ordinal)
            || line.StartsWith("SigQ:", StringComparison.Ordinal) || line.StartsWith("SigPnd:", StringComparison.Ordinal));
        picture.AppendLine(CultureInfo.InvariantCulture, $"process {pid}: {Read($"/proc/{pid}/cmdline").Replace('\0', ' ')}");
        picture.AppendLine(CultureInfo.InvariantCulture, $"  {string.Join("; ", facts).Replace('\t', ' ')}; frozen: {IsFrozen(pid)}");
        foreach (string task in Entries($"/proc/{pid}/task"))
        {
            picture.AppendLine(CultureInfo.InvariantCulture,
                $"  thread {Path.GetFileName(task)} {Read($"{task}/comm")}: {StateOf(task)}, wchan {Read($"{task}/wchan")}, syscall {Read($"{task}/syscall")}");
            foreach (string frame in Read($"{task}/stack").Split('\n'))
                picture.AppendLine(CultureInfo.InvariantCulture, $"    {frame}");
        }

        (string Number, string Target)[] descriptors = [.. Descriptors(pid)];
        foreach ((string number, string target) in descriptors)
            picture.AppendLine(CultureInfo.InvariantCulture, $"  descriptor {number}: {target}");
        AppendSockets(picture, pid, [.. descriptors.Select(descriptor => descriptor.Target)]);
        foreach (string child in Entries($"/proc/{pid}/task").SelectMany(task => Read($"{task}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)))
            if (int.TryParse(child, CultureInfo.InvariantCulture, out int childPid))
                Append(picture, childPid);
    }

    private static void AppendSockets(StringBuilder picture, int pid, HashSet<string> descriptors)
    {
        foreach (string table in new[] { "tcp", "tcp6" })
        {
            foreach (string line in Read($"/proc/{pid}/net/{table}").Split('\n').Skip(1))
            {
                // sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode
                string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (fields.Length < 10 || !descriptors.Contains($"socket:[{fields[9]}]"))
                    continue;
                int state = int.Parse(fields[3], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                string[] queues = fields[4].Split(':');
                picture.AppendLine(CultureInfo.InvariantCulture,
                    $"  {table} socket:[{fields[9]}] port {Port(fields[1])} to {Port(fields[2])}: {TcpStates.ElementAtOrDefault(state)}, {Number(queues[0])} bytes not acknowledged, {Number(queues[1])} not read, timer {fields[5]}, {Number(fields[6])} retransmissions");
            }
        }
    }

    private static int Port(string address) => Number(address.Split(':')[1]);

    private static int Number(string hex) => int.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>The state letter, which follows the name in parentheses.</summary>
    private static string StateOf(string task)
    {
        string stat = Read($"{task}/stat");
        int name = stat.LastIndexOf(')');
        return name >= 0 && name + 2 < stat.Length ? stat[name + 2].ToString() : stat;
    }

    private static string IsFrozen(int pid)
    {
        try
        {
            return ProcessInspection.IsFrozen(pid) ? "yes" : "no";
        }
        catch (IOException gone)
        {
            return gone.Message;
        }
    }

    private static IEnumerable<(string Number, string Target)> Descriptors(int pid)
    {
        foreach (string descriptor in Entries($"/proc/{pid}/fd"))
        {
            if (ProcessInspection.TryReadLink(descriptor) is { } target)
                yield return (Path.GetFileName(descriptor), target);
        }
    }

    private static string[] Entries(string directory)
    {
        try
        {
            return Directory.GetFileSystemEntries(directory);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return []; // It has ended, or is another user's: the lines above say so.
        }
    }

    /// <summary>The text of a file, or why it cannot be read: the process may have ended, and some files are for root.</summary>
    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return $"({unreadable.Message})";
        }
    }
}
