using System.Net;
using System.Net.Sockets;

namespace NativeLambda.Emulator.Cli;

/// <summary>Where the dashboard is to be: the same place each time, if it is not another emulator's.</summary>
internal static class DashboardPort
{
    public const int Usual = 9002;

    /// <param name="wanted">What the command line says; null for the usual one, or a free one where that is taken.</param>
    public static int Choose(int? wanted)
    {
        if (wanted is { } port) return port;
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            probe.Bind(new IPEndPoint(IPAddress.Loopback, Usual));
            return Usual;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return 0;
        }
    }
}
