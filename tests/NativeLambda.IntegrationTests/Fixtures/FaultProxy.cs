using System.Net;
using System.Net.Sockets;
using NativeLambda.Emulator.Postgres;

namespace NativeLambda.IntegrationTests.Fixtures;

/// <summary>
/// A TCP proxy on 127.0.0.1 before a server: counts connections and flights, and makes the network's faults while it runs.
/// </summary>
/// <remarks>TLS passes through untouched, so the server's certificate is still good: the name is loopback's here, too.</remarks>
public sealed class FaultProxy : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<ProxiedConnection> _connections = [];
    private Socket? _listener;
    private Socket? _filler;
    private Task _accepting = Task.CompletedTask;
    private ProxyMode _mode;

    /// <summary>Listens on a free port for a server on a port of 127.0.0.1.</summary>
    public FaultProxy(int serverPort, TimeProvider? time = null)
    {
        ServerPort = serverPort;
        Time = time ?? TimeProvider.System;
        Listen(backlog: 512);
    }

    /// <inheritdoc cref="FaultProxy(int, TimeProvider)"/>
    public FaultProxy(PostgresServer server)
        : this(server.Port)
    {
    }

    /// <summary>Where clients connect; the same after <see cref="RefuseNewConnectionsAsync"/>.</summary>
    public int Port { get; private set; }

    /// <summary>Where the proxy connects.</summary>
    public int ServerPort { get; }

    /// <summary>How much later the server gets each burst that begins a flight. Zero at first.</summary>
    public TimeSpan DelayPerFlight { get; set; }

    /// <summary>Every connection that was accepted, in order, ended ones included.</summary>
    public IReadOnlyList<ProxiedConnection> Connections
    {
        get
        {
            lock (_lock)
                return [.. _connections];
        }
    }

    /// <summary>The flights of all connections.</summary>
    public int Flights => Connections.Sum(connection => connection.Traffic.Flights);

    /// <summary>The mode of all live connections when set, and of those to come.</summary>
    /// <remarks>Connections that were swallowed stay so when it is set to another mode.</remarks>
    public ProxyMode Mode
    {
        get
        {
            lock (_lock)
                return _mode;
        }

        set
        {
            lock (_lock)
            {
                _mode = value;
                foreach (ProxiedConnection connection in _connections.Where(c => !c.Completion.IsCompleted && c.Mode != ProxyMode.Swallow))
                    connection.Mode = value;
            }
        }
    }

    internal TimeProvider Time { get; }

    /// <summary>Drops the live connections silently, while new ones work: what a NAT gateway does to flows that idle for long.</summary>
    public void SwallowLiveConnections()
    {
        foreach (ProxiedConnection connection in Connections)
            connection.Mode = ProxyMode.Swallow;
    }

    /// <summary>Resets all live connections at both ends.</summary>
    public void ResetLiveConnections()
    {
        foreach (ProxiedConnection connection in Connections)
            connection.Reset();
    }

    /// <summary>New connections are refused at once, as by a machine whose server is down. Live ones go on.</summary>
    public Task RefuseNewConnectionsAsync() => StopListeningAsync();

    /// <summary>New connections are never answered, as by a machine that is not there: connect times out. Live ones go on.</summary>
    public async Task IgnoreNewConnectionsAsync()
    {
        await StopListeningAsync();
        Listen(backlog: 0, accept: false);
        // Linux drops SYNs while the queue of a listener is full, and this one holds a single connection.
        _filler = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await _filler.ConnectAsync(IPAddress.Loopback, Port);
    }

    /// <summary>New connections are accepted again, on the same port.</summary>
    public async Task AcceptNewConnectionsAsync()
    {
        await StopListeningAsync();
        Listen(backlog: 512);
    }

    public async ValueTask DisposeAsync()
    {
        await StopListeningAsync();
        foreach (ProxiedConnection connection in Connections)
            await connection.DisposeAsync();
    }

    private void Listen(int backlog, bool accept = true)
    {
        _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, Port));
        _listener.Listen(backlog);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        if (accept)
            _accepting = AcceptAsync(_listener);
    }

    private async Task StopListeningAsync()
    {
        _listener?.Dispose();
        _filler?.Dispose();
        _listener = null;
        _filler = null;
        await _accepting;
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await listener.AcceptAsync();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return; // Disposed: that is how it is told to stop.
            }

            lock (_lock)
                _connections.Add(new ProxiedConnection(this, client, _mode));
        }
    }
}
