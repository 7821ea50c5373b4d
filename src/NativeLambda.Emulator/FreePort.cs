using System.Net;
using System.Net.Sockets;

namespace NativeLambda.Emulator;

/// <summary>A TCP port of the loopback interface that nobody listens on.</summary>
internal static class FreePort
{
    /// <summary>Finds one. Somebody else may take it before it is used: whoever binds to it has to look again then.</summary>
    public static int Find()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
