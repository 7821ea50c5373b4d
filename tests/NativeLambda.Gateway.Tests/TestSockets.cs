using System.Net;
using System.Net.Sockets;

namespace NativeLambda.Gateway.Tests;

/// <summary>Sockets of tests.</summary>
internal static class TestSockets
{
    /// <summary>Binds to a free port of loopback and does not listen: who connects is refused, and nobody else can have the port.</summary>
    public static Socket Bind(out int port)
    {
        Socket socket = Bind(new IPEndPoint(IPAddress.Loopback, 0));
        port = ((IPEndPoint)socket.LocalEndPoint!).Port;
        return socket;
    }

    /// <summary>Listens at an address.</summary>
    public static Socket Listen(IPEndPoint at)
    {
        Socket socket = Bind(at);
        socket.Listen();
        return socket;
    }

    /// <summary>A client of HTTP over a Unix socket, whatever the host of its requests.</summary>
    public static HttpClient UnixClient(string path) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellation) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        },
    });

    private static Socket Bind(IPEndPoint at)
    {
        var socket = new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(at);
        return socket;
    }
}
