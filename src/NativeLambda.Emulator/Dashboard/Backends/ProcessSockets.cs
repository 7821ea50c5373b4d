using System.Globalization;

namespace NativeLambda.Emulator.Dashboard.Backends;

/// <summary>Which environment owns which local port: by the socket descriptors of its processes, whatever language they are in.</summary>
internal static class ProcessSockets
{
    /// <summary>The environments by the ports of their connections to a server.</summary>
    /// <param name="environments">The first process of each, which is also the id of its session.</param>
    /// <param name="serverPort">Where they connect.</param>
    public static Dictionary<int, string> FindOwners(IReadOnlyDictionary<string, int> environments, int serverPort)
    {
        var owners = new Dictionary<int, string>();
        Dictionary<int, string> bySession = environments.ToDictionary(static pair => pair.Value, static pair => pair.Key);
        var tables = new Dictionary<string, Dictionary<long, int>>();
        foreach (string directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out _)) continue;
            try
            {
                if (!bySession.TryGetValue(ReadSession(directory), out string? environment)) continue;
                // A namespace has a table of its own; most share one.
                string space = new FileInfo($"{directory}/ns/net").LinkTarget ?? "";
                if (!tables.TryGetValue(space, out Dictionary<long, int>? ports)) tables.Add(space, ports = ReadTable(directory, serverPort));
                if (ports.Count > 0) AddPorts(directory, ports, environment, owners);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // It has just ended, or made itself unreadable (setuid, PR_SET_DUMPABLE): application_name may still tell.
            }
        }
        return owners;
    }

    private static void AddPorts(string directory, Dictionary<long, int> ports, string environment, Dictionary<int, string> owners)
    {
        foreach (string descriptor in Directory.EnumerateFiles($"{directory}/fd"))
        {
            string? target;
            try
            {
                target = new FileInfo(descriptor).LinkTarget; // socket:[12345]
            }
            catch (FileNotFoundException)
            {
                continue; // closed since
            }
            if (target is not null && target.StartsWith("socket:[", StringComparison.Ordinal)
                && long.TryParse(target.AsSpan(8, target.Length - 9), NumberStyles.None, CultureInfo.InvariantCulture, out long inode)
                && ports.TryGetValue(inode, out int port))
                owners[port] = environment;
        }
    }

    private static Dictionary<long, int> ReadTable(string directory, int serverPort)
    {
        var ports = new Dictionary<long, int>();
        SocketTable.Read(File.ReadLines($"{directory}/net/tcp"), serverPort, ports);
        if (File.Exists($"{directory}/net/tcp6")) SocketTable.Read(File.ReadLines($"{directory}/net/tcp6"), serverPort, ports);
        return ports;
    }

    private static int ReadSession(string directory)
    {
        string text = File.ReadAllText($"{directory}/stat");
        // "id (name) state parent group session …", where a name may itself contain blanks and parentheses
        return int.Parse(text[(text.LastIndexOf(')') + 2)..].Split(' ', 5)[3], CultureInfo.InvariantCulture);
    }
}
