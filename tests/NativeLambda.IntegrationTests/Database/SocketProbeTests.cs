using System.Net;
using System.Net.Sockets;
using NativeLambda.Database;

namespace NativeLambda.IntegrationTests.Database;

public sealed class SocketProbeTests
{
    [Fact]
    public void Poll_of_a_socket_whose_peer_closed_is_dead_and_of_an_open_one_quiet()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        client.Connect((IPEndPoint)listener.LocalEndpoint);
        using Socket server = listener.AcceptSocket();
        int descriptor = (int)client.Client.Handle;
        Assert.Equal(SocketCondition.Quiet, SocketProbe.Poll(descriptor));
        server.Close();
        Assert.True(SpinWait.SpinUntil(() => SocketProbe.Poll(descriptor) == SocketCondition.Dead, TimeSpan.FromSeconds(30)));
    }
}
