using System.Net;
using System.Net.Sockets;
using NativeLambda.Emulator.Postgres;

namespace NativeLambda.Emulator.Faults;

/// <summary>
/// A TCP proxy on loopback before a server: counts connections and flights, and makes the network's faults while it runs.
/// </summary>
/// <remarks>TLS passes through untouched, so the server's certificate is still good: the name is loopback's here, too.</remarks>
public sealed class FaultProxy : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<ProxiedConnection> _connections = [];
    // One socket for all its life: a port that is given up, even for a moment, may be taken by a neighbour's connection.
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private Socket? _filler;
    private CancellationTokenSource _stopAccepting = new();
    private Task _accepting = Task.CompletedTask;
    private ProxyMode _mode;

    /// <summary>Listens on a free port of 127.0.0.1 for a server on another one.</summary>
    /// <param name="serverPort">Where the server listens.</param>
    /// <param name="time">The clock of delays and of what is recorded.</param>
    /// <param name="keepsHistory">
    /// Whether ended connections and all that has passed are remembered; not for a proxy that is to run for hours.
    /// </param>
    public FaultProxy(int serverPort, TimeProvider? time = null, bool keepsHistory = true)
    {
        ServerPort = serverPort;
        KeepsHistory = keepsHistory;
        Time = time ?? TimeProvider.System;
        Port = BindToFreePort(_listener);
        Accept();
    }

    /// <summary>Listens on an address of loopback of the caller's choice, such as 127.0.0.2, and its port.</summary>
    /// <exception cref="SocketException">The port is taken.</exception>
    public FaultProxy(int serverPort, IPEndPoint listenOn)
    {
        ArgumentNullException.ThrowIfNull(listenOn);
        if (!IPAddress.IsLoopback(listenOn.Address))
            throw new ArgumentException($"{listenOn} is no address of loopback.", nameof(listenOn));
        ServerPort = serverPort;
        KeepsHistory = true;
        Time = TimeProvider.System;
        Port = listenOn.Port;
        _listener.Bind(listenOn);
        Accept();
    }

    /// <inheritdoc cref="FaultProxy(int, TimeProvider, bool)"/>
    public FaultProxy(PostgresServer server)
        : this(server.Port)
    {
    }

    /// <summary>Where clients connect; the same after <see cref="RefuseNewConnectionsAsync"/>.</summary>
    public int Port { get; }

    /// <summary>Where the proxy connects.</summary>
    public int ServerPort { get; }

    /// <summary>How much later the server gets each burst that begins a flight. Zero at first.</summary>
    public TimeSpan DelayPerFlight { get; set; }

    /// <summary>How many connections were accepted so far.</summary>
    public long Accepted { get; private set; }

    /// <summary>Every connection that was accepted, in order, ended ones included where the history is kept.</summary>
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

    internal bool KeepsHistory { get; }

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
    public async Task RefuseNewConnectionsAsync()
    {
        await StopAcceptingAsync();
        _listener.Shutdown(SocketShutdown.Both); // Linux: it listens no more, but keeps its port.
    }

    /// <summary>New connections are never answered, as by a machine that is not there: connect times out. Live ones go on.</summary>
    public async Task IgnoreNewConnectionsAsync()
    {
        await StopAcceptingAsync();
        // Linux drops SYNs while the queue of a listener is full, and now this one holds a single connection.
        _listener.Listen(backlog: 0);
        _filler = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await _filler.ConnectAsync(_listener.LocalEndPoint!).WaitAsync(TimeSpan.FromSeconds(5), TimeProvider.System);
        }
        catch (TimeoutException) when (_listener.Poll(0, SelectMode.SelectRead))
        {
            // A client was faster, and fills the queue as well.
        }
    }

    /// <summary>New connections are accepted again, on the same port.</summary>
    public async Task AcceptNewConnectionsAsync()
    {
        await StopAcceptingAsync();
        Accept();
    }

    /// <summary>Stops listening and resets what is still connected.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAcceptingAsync();
        _listener.Dispose();
        _stopAccepting.Dispose();
        foreach (ProxiedConnection connection in Connections)
            await connection.DisposeAsync();
    }

    /// <summary>Binds to a port by its number: Linux gives up one that it chose itself when the socket stops listening.</summary>
    private static int BindToFreePort(Socket socket)
    {
        while (true)
        {
            int port = FreePort.Find();
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Somebody took it in between.
            }
        }
    }

    private void Accept()
    {
        _listener.Listen(backlog: 512);
        _stopAccepting.Dispose();
        _stopAccepting = new CancellationTokenSource();
        _accepting = AcceptAsync(_stopAccepting.Token);
    }

    private async Task StopAcceptingAsync()
    {
        await _stopAccepting.CancelAsync();
        await _accepting;
        if (_filler is null)
            return;
        // The one in the queue goes without the moment of refusal that a shutdown would make.
        (await _listener.AcceptAsync()).Dispose();
        _filler.Dispose();
        _filler = null;
    }

    private async Task AcceptAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await _listener.AcceptAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            lock (_lock)
            {
                if (!KeepsHistory)
                    _connections.RemoveAll(connection => connection.Completion.IsCompleted);
                _connections.Add(new ProxiedConnection(this, client, _mode));
                Accepted++;
            }
        }
    }
}
