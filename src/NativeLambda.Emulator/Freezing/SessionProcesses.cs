using System.Globalization;

namespace NativeLambda.Emulator.Freezing;

/// <summary>The processes of a session, and whether they stand still, read from /proc.</summary>
internal static class SessionProcesses
{
    /// <summary>The living processes of the session; zombies are dead and not among them.</summary>
    public static IReadOnlyList<int> Living(int session)
    {
        var members = new List<int>();
        foreach (string directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out int id)) continue;
            if (ReadStat(directory) is { } stat && stat.Session == session && stat.State is not ('Z' or 'X')) members.Add(id);
        }
        return members;
    }

    /// <summary>Whether every thread of the process is stopped by a signal.</summary>
    public static bool IsStopped(int processId)
    {
        try
        {
            return Directory.EnumerateDirectories(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/task"))
                .All(static task => ReadStat(task) is not { State: not ('T' or 'Z' or 'X') });
        }
        catch (DirectoryNotFoundException)
        {
            return true; // it has just ended
        }
    }

    /// <summary>State letter and session of a stat file; nothing when the process has just ended.</summary>
    private static (char State, int Session)? ReadStat(string directory)
    {
        string text;
        try
        {
            text = File.ReadAllText(Path.Combine(directory, "stat"));
        }
        catch (IOException)
        {
            return null; // ENOENT or ESRCH: ended between the listing and the look
        }
        // "id (name) state parent group session …", where a name may itself contain blanks and parentheses
        string[] fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return (fields[0][0], int.Parse(fields[3], CultureInfo.InvariantCulture));
    }
}
