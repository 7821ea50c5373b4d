using System.Globalization;
using NativeLambda.Emulator.Processes;

namespace NativeLambda.Emulator.Freezing;

/// <summary>The processes of sessions, and what their threads do, by the kernel's word.</summary>
internal static class SessionProcesses
{
    /// <summary>All processes of the sessions, also those that have ended and that nobody has reaped.</summary>
    /// <remarks>
    /// Asks the kernel for the session of every process of the machine: there is no list of a session's members, and a system call
    /// takes a fiftieth of the time of reading a file of /proc.
    /// </remarks>
    public static IEnumerable<int> Of(ICollection<int> sessions)
    {
        foreach (string directory in Directory.EnumerateDirectories("/proc"))
            if (int.TryParse(Path.GetFileName(directory.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out int id) && Includes(sessions, id))
                yield return id;
    }

    /// <summary>Whether there is such a process and it belongs to the sessions: ids are reused.</summary>
    public static bool Includes(ICollection<int> sessions, int processId) => sessions.Contains(NativeMethods.GetSession(processId));

    /// <summary>Whether every thread of the process is stopped by a signal, or has ended.</summary>
    public static bool IsStopped(int processId) => ThreadStates(processId).All(static state => state is 'T' or 'Z' or 'X');

    /// <summary>
    /// Whether every thread of a process that was sent SIGSTOP is stopped, or waits in the kernel for something that no signal interrupts:
    /// a parent by vfork(2) for its child, which is stopped. It stops before its next instruction.
    /// </summary>
    public static bool IsHeld(int processId) => ThreadStates(processId).All(static state => state is 'T' or 'Z' or 'X' or 'D');

    /// <summary>Whether a thread of the process lives. The first one may have ended before the others.</summary>
    public static bool IsAlive(int processId) => ThreadStates(processId).Any(static state => state is not ('Z' or 'X'));

    /// <summary>The state letters of the threads; none once the process is gone.</summary>
    private static IEnumerable<char> ThreadStates(int processId)
    {
        string[] threads;
        try
        {
            threads = Directory.GetDirectories(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/task"));
        }
        catch (DirectoryNotFoundException)
        {
            return []; // it has just been reaped
        }
        return threads.Select(ReadState).OfType<char>();
    }

    private static char? ReadState(string thread)
    {
        try
        {
            // "id (name) state …", where a name may itself contain blanks and parentheses
            string stat = File.ReadAllText(Path.Combine(thread, "stat"));
            return stat[stat.LastIndexOf(')') + 2];
        }
        catch (IOException)
        {
            return null; // ENOENT or ESRCH: it ended between the listing and the look
        }
    }
}
