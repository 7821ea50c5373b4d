using System.Globalization;

namespace NativeLambda.Emulator.Dashboard.Backends;

/// <summary>The TCP sockets of a network namespace, from <c>/proc/net/tcp</c>: which inode owns a local port.</summary>
internal static class SocketTable
{
    /// <summary>Adds the sockets of a table that have this port at their other end.</summary>
    /// <param name="lines">The file's lines, of IPv4 or IPv6.</param>
    /// <param name="remotePort">The server's port.</param>
    /// <param name="ports">Local ports by inode.</param>
    public static void Read(IEnumerable<string> lines, int remotePort, Dictionary<long, int> ports)
    {
        foreach (string line in lines)
        {
            // sl local_address rem_address st tx:rx tr:tm retrnsmt uid timeout inode …
            string[] fields = line.Split((char[]?)null, 11, StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length < 10 || Port(fields[2]) != remotePort || Port(fields[1]) is not { } local) continue;
            if (long.TryParse(fields[9], NumberStyles.None, CultureInfo.InvariantCulture, out long inode) && inode != 0)
                ports[inode] = local;
        }
    }

    private static int? Port(string address) =>
        address.LastIndexOf(':') is > 0 and var colon
        && int.TryParse(address.AsSpan(colon + 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int port)
            ? port
            : null;
}
