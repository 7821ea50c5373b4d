using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace NativeLambda.Emulator;

/// <summary>A TCP port of the loopback interface that nobody listens on.</summary>
/// <remarks>
/// Outside the range of which the kernel gives ports to connections and to listeners that name none
/// (<see href="https://docs.kernel.org/networking/ip-sysctl.html">ip_local_port_range</see>): a server that is down for a while finds its
/// port free again, and a client of a dead port never connects to itself, as TCP does where its own port happens to be that one.
/// </remarks>
internal static class FreePort
{
    private const string RangeFile = "/proc/sys/net/ipv4/ip_local_port_range";
    private const int FirstPort = 10_000;
    private const int LastPort = 65_535;
    private const int Attempts = 100;

    /// <summary>Finds one. Somebody else may take it before it is used: whoever binds to it has to look again then.</summary>
    public static int Find()
    {
        (int first, int last) = Range(File.Exists(RangeFile) ? File.ReadAllText(RangeFile) : "");
        for (int attempt = 0; attempt < Attempts && last >= first; attempt++)
        {
            int port = Random.Shared.Next(first, last + 1);
            if (TryBind(port) is not null) return port;
        }

        return TryBind(0) ?? throw new SocketException((int)SocketError.AddressAlreadyInUse);
    }

    /// <summary>The larger part of the ports that the kernel gives to nobody; an empty one where it may give all.</summary>
    internal static (int First, int Last) Range(string localPorts)
    {
        string[] bounds = localPorts.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (bounds.Length != 2
            || !int.TryParse(bounds[0], NumberStyles.None, CultureInfo.InvariantCulture, out int low)
            || !int.TryParse(bounds[1], NumberStyles.None, CultureInfo.InvariantCulture, out int high))
            return (1, 0);
        return low - FirstPort >= LastPort - high ? (FirstPort, low - 1) : (high + 1, LastPort);
    }

    private static int? TryBind(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen(1);
            return ((IPEndPoint)socket.LocalEndPoint!).Port;
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            return null;
        }
    }
}
