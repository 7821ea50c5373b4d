using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;

namespace NativeLambda.IntegrationTests.Fixtures;

/// <summary>The proxy before a server of bytes that does only what the test says.</summary>
public sealed class FaultProxyTests : IAsyncDisposable
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(60);

    private readonly FakeTimeProvider _time = new();
    private readonly TcpListener _server = new(IPAddress.Loopback, 0);
    private readonly FaultProxy _proxy;
    private readonly CancellationTokenSource _guard = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    public FaultProxyTests()
    {
        _guard.CancelAfter(Guard);
        _server.Start();
        _proxy = new FaultProxy(((IPEndPoint)_server.LocalEndpoint).Port, _time);
    }

    [Fact]
    public async Task Bytes_pass_both_ways_and_a_flight_is_a_burst_that_was_answered()
    {
        (Socket client, Socket server) = await ConnectAsync();
        TrafficRecorder traffic = Assert.Single(_proxy.Connections).Traffic;
        await PassAsync(client, server, 3);
        await PassAsync(client, server, 2);
        Assert.Equal(0, traffic.Flights);
        await PassAsync(server, client, 7);
        Assert.Equal(1, traffic.Flights);
        await PassAsync(server, client, 1);
        await PassAsync(client, server, 1);
        Assert.Equal(1, traffic.Flights);
        await PassAsync(server, client, 1);
        Assert.Equal(2, traffic.Flights);
        Assert.Equal(2, _proxy.Flights);
        Assert.Equal([5L, 8, 1, 1], traffic.Bursts.Select(burst => burst.Bytes));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_end_of_one_direction_passes_and_the_other_goes_on(bool clientCloses)
    {
        (Socket client, Socket server) = await ConnectAsync();
        (Socket closing, Socket other) = clientCloses ? (client, server) : (server, client);
        closing.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, await other.ReceiveAsync(new byte[1], _guard.Token));
        await PassAsync(other, closing, 4);
        other.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, await closing.ReceiveAsync(new byte[1], _guard.Token));
        await _proxy.Connections[0].Completion.WaitAsync(_guard.Token);
    }

    [Fact]
    public async Task A_reset_reaches_both_ends_as_a_reset()
    {
        (Socket client, Socket server) = await ConnectAsync();
        _proxy.ResetLiveConnections();
        await AssertResetAsync(client);
        await AssertResetAsync(server);
    }

    [Fact]
    public async Task The_reset_of_one_end_reaches_the_other()
    {
        (Socket client, Socket server) = await ConnectAsync();
        server.LingerState = new LingerOption(true, 0);
        server.Close(0);
        await AssertResetAsync(client);
    }

    [Fact]
    public async Task What_is_held_arrives_when_it_is_let_go()
    {
        (Socket client, Socket server) = await ConnectAsync();
        _proxy.Mode = ProxyMode.Hold;
        await client.SendAsync(new byte[] { 1, 2, 3 }, _guard.Token);
        Task<int> received = server.ReceiveAsync(new byte[3], _guard.Token).AsTask();
        await AssertTakenByProxyAsync(client);
        Assert.False(received.IsCompleted);
        Assert.Empty(_proxy.Connections[0].Traffic.Bursts);
        _proxy.Mode = ProxyMode.Forward;
        Assert.Equal(3, await received);
    }

    [Fact]
    public async Task A_swallowed_flow_passes_neither_data_nor_an_end_and_new_flows_work()
    {
        (Socket client, Socket server) = await ConnectAsync();
        _proxy.SwallowLiveConnections();
        await client.SendAsync(new byte[] { 1 }, _guard.Token);
        await AssertTakenByProxyAsync(client);
        server.Close();

        (Socket newClient, Socket newServer) = await ConnectAsync();
        await PassAsync(newClient, newServer, 5);
        Assert.False(client.Poll(0, SelectMode.SelectRead));
        Assert.Empty(_proxy.Connections[0].Traffic.Bursts);
        Assert.Throws<InvalidOperationException>(() => _proxy.Connections[0].Mode = ProxyMode.Forward);
    }

    [Fact]
    public async Task A_new_flow_is_swallowed_before_it_reaches_the_server()
    {
        _proxy.Mode = ProxyMode.Swallow;
        using Socket client = await ConnectClientAsync();
        await client.SendAsync(new byte[] { 1 }, _guard.Token);
        // The mode is that of the moment when the proxy takes the connection from the kernel.
        Assert.True(SpinWait.SpinUntil(() => _proxy.Connections.Count == 1, Guard));
        _proxy.Mode = ProxyMode.Forward;
        (Socket newClient, Socket newServer) = await ConnectAsync();
        await PassAsync(newClient, newServer, 1);
        Assert.False(_server.Pending());
        Assert.False(client.Poll(0, SelectMode.SelectRead));
        Assert.Equal(2, _proxy.Connections.Count);
    }

    [Fact]
    public async Task New_connections_are_refused_until_they_are_accepted_again_on_the_same_port()
    {
        (Socket client, Socket server) = await ConnectAsync();
        int port = _proxy.Port;
        await _proxy.RefuseNewConnectionsAsync();
        SocketException refused = await Assert.ThrowsAsync<SocketException>(ConnectClientAsync);
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
        await PassAsync(client, server, 1);
        await _proxy.AcceptNewConnectionsAsync();
        Assert.Equal(port, _proxy.Port);
        (Socket newClient, Socket newServer) = await ConnectAsync();
        await PassAsync(newClient, newServer, 1);
    }

    [Fact]
    public async Task Ignored_connections_are_not_answered_until_others_are_accepted_again()
    {
        await _proxy.IgnoreNewConnectionsAsync();
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        Task connecting = client.ConnectAsync(IPAddress.Loopback, _proxy.Port, _guard.Token).AsTask();
        // 02 is SYN_SENT, and stays so: the queue is full.
        string proxyPort = $":{_proxy.Port:X4} 02 ";
        Assert.True(SpinWait.SpinUntil(
            () => File.ReadAllText("/proc/net/tcp").Contains(proxyPort, StringComparison.Ordinal), Guard));
        Assert.False(connecting.IsCompleted);
        await _proxy.AcceptNewConnectionsAsync();
        await connecting; // By the kernel's next SYN, a second or three later.
    }

    [Fact]
    public async Task A_flight_is_delayed_once_however_many_bursts_it_has_and_answers_are_not()
    {
        (Socket client, Socket server) = await ConnectAsync();
        _proxy.DelayPerFlight = TimeSpan.FromSeconds(10);
        await client.SendAsync(new byte[] { 1 }, _guard.Token);
        await AssertTakenByProxyAsync(client);
        Assert.Equal(0, server.Available);
        Task<int> received = server.ReceiveAsync(new byte[1], _guard.Token).AsTask();
        while (!received.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(10));
            await Task.Yield();
        }

        // The clock stands: these pass without it.
        await PassAsync(client, server, 1);
        await PassAsync(server, client, 1);
    }

    [Fact]
    public async Task A_server_that_is_not_there_resets_the_client()
    {
        _server.Stop();
        // The reset may come so soon that connect reports it.
        SocketException reset = await Assert.ThrowsAsync<SocketException>(async () =>
        {
            using Socket client = await ConnectClientAsync();
            await client.ReceiveAsync(new byte[1], _guard.Token);
        });
        Assert.Equal(SocketError.ConnectionReset, reset.SocketErrorCode);
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        _server.Dispose();
        _guard.Dispose();
    }

    private async Task<Socket> ConnectClientAsync()
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, _proxy.Port, _guard.Token);
        return client;
    }

    private async Task<(Socket Client, Socket Server)> ConnectAsync()
    {
        Socket client = await ConnectClientAsync();
        Socket server = await _server.AcceptSocketAsync(_guard.Token);
        server.NoDelay = true;
        return (client, server);
    }

    private async Task PassAsync(Socket from, Socket to, int count)
    {
        await from.SendAsync(new byte[count], _guard.Token);
        var buffer = new byte[count];
        for (int read = 0; read < count;)
        {
            int more = await to.ReceiveAsync(buffer.AsMemory(read), _guard.Token);
            Assert.NotEqual(0, more);
            read += more;
        }
    }

    private async Task AssertResetAsync(Socket socket)
    {
        SocketException reset = await Assert.ThrowsAsync<SocketException>(
            async () => await socket.ReceiveAsync(new byte[1], _guard.Token));
        Assert.Equal(SocketError.ConnectionReset, reset.SocketErrorCode);
    }

    /// <summary>Waits until the kernel has nothing of what the client sent queued any more: the pending read of the pump has it.</summary>
    private async Task AssertTakenByProxyAsync(Socket client)
    {
        string pair = $":{((IPEndPoint)client.RemoteEndPoint!).Port:X4} 0100007F:{((IPEndPoint)client.LocalEndPoint!).Port:X4} 01 00000000:00000000 ";
        while (!(await File.ReadAllTextAsync("/proc/net/tcp", _guard.Token)).Contains(pair, StringComparison.Ordinal))
            await Task.Yield();
    }
}
