using System.Net;
using System.Net.Sockets;
using NativeLambda.Benchmarks.Wire;

namespace NativeLambda.Tests.Benchmarks;

/// <summary>The network before the server, over real sockets.</summary>
public sealed class FlightProxyTests : IDisposable
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);
    private static readonly byte[] Two = [1, 2];

    private readonly TcpListener _server = new(IPAddress.Loopback, 0);
    private readonly FlightProxy _proxy;

    public FlightProxyTests()
    {
        _server.Start();
        _proxy = new FlightProxy(((IPEndPoint)_server.LocalEndpoint).Port, TimeProvider.System);
    }

    public void Dispose()
    {
        _proxy.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task Turns_of_the_client_are_counted_up_to_a_moment()
    {
        (Socket client, Socket server) = await ConnectAsync();
        using (client)
        using (server)
        {
            await TurnAsync(client, server);
            await TurnAsync(client, server);
            long moment = TimeProvider.System.GetTimestamp();
            await TurnAsync(client, server);

            Assert.Equal(2, Assert.Single(_proxy.FlightsUntil(moment)).Flights.Count);
            Assert.Equal(3, Assert.Single(_proxy.FlightsUntil(long.MaxValue)).Flights.Count);
        }
    }

    [Fact]
    public async Task Each_flight_takes_the_delay_longer_and_the_first_one_twice()
    {
        TimeSpan delay = TimeSpan.FromMilliseconds(20);
        _proxy.Delay = delay;
        (Socket client, Socket server) = await ConnectAsync();
        using (client)
        using (server)
        {
            long start = TimeProvider.System.GetTimestamp();
            await TurnAsync(client, server);
            Assert.True(TimeProvider.System.GetElapsedTime(start) >= delay * 2);
            await TurnAsync(client, server);
            Assert.True(TimeProvider.System.GetElapsedTime(start) >= delay * 3);
        }
    }

    [Fact]
    public async Task What_the_server_says_while_the_next_burst_is_under_way_is_no_answer_to_wait_for()
    {
        _proxy.Delay = TimeSpan.FromSeconds(1);
        (Socket client, Socket server) = await ConnectAsync();
        using (client)
        using (server)
        {
            // Both are sent at once; what the server says when it has got the first comes long after the second was sent.
            await client.SendAsync(Two.AsMemory(0, 1));
            await client.SendAsync(Two.AsMemory(1, 1));
            Assert.Equal(1, await server.ReceiveAsync(new byte[1]).WaitAsync(Guard, TimeProvider.System));
            await server.SendAsync(Two);
            Assert.Equal(1, await server.ReceiveAsync(new byte[1]).WaitAsync(Guard, TimeProvider.System));

            Assert.Single(Assert.Single(_proxy.FlightsUntil(long.MaxValue)).Flights);
        }
    }

    [Fact]
    public async Task The_end_of_the_stream_reaches_both_ends()
    {
        (Socket client, Socket server) = await ConnectAsync();
        using (server)
        {
            await TurnAsync(client, server);
            client.Dispose();
            Assert.Equal(0, await server.ReceiveAsync(new byte[1]).WaitAsync(Guard, TimeProvider.System));
        }
    }

    [Fact]
    public async Task A_server_that_refuses_is_a_connection_that_ends()
    {
        // Bound, so that nobody else gets the port, and not listening.
        using var closed = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        closed.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var proxy = new FlightProxy(((IPEndPoint)closed.LocalEndPoint!).Port, TimeProvider.System);
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp);

        Assert.True(await EndsAsync(client, proxy.Port).WaitAsync(Guard, TimeProvider.System));
        Assert.Empty(proxy.FlightsUntil(long.MaxValue));
    }

    private static async Task<bool> EndsAsync(Socket client, int port)
    {
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port);
            return await client.ReceiveAsync(new byte[1]) == 0;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
        {
            return true; // which may come before connect has returned
        }
    }

    private async Task<(Socket Client, Socket Server)> ConnectAsync()
    {
        var client = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, _proxy.Port).WaitAsync(Guard, TimeProvider.System);
        return (client, await _server.AcceptSocketAsync().WaitAsync(Guard, TimeProvider.System));
    }

    private static async Task TurnAsync(Socket client, Socket server)
    {
        await client.SendAsync(Two);
        Assert.Equal(2, await server.ReceiveAsync(new byte[2]).WaitAsync(Guard, TimeProvider.System));
        await server.SendAsync(Two);
        Assert.Equal(2, await client.ReceiveAsync(new byte[2]).WaitAsync(Guard, TimeProvider.System));
    }
}
