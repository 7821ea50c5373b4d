using System.Net;
using System.Net.Sockets;

namespace NativeLambda.Emulator.Faults;

/// <summary>One connection through a <see cref="FaultProxy"/>: two sockets, a pump each way, and a gate that both pass.</summary>
public sealed class ProxiedConnection : IAsyncDisposable
{
    private readonly FaultProxy _proxy;
    private readonly Socket _client;
    private readonly Socket _server;
    private readonly CancellationTokenSource _ended = new();
    private readonly Lock _lock = new();
    private TaskCompletionSource _gateOpens = Opened();
    private ProxyMode _mode;
    private TaskCompletionSource? _held;
    private int _flightsToPass;

    internal ProxiedConnection(FaultProxy proxy, Socket client, ProxyMode mode)
    {
        _proxy = proxy;
        _client = client;
        _server = new Socket(client.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        ClientPort = ((IPEndPoint)client.RemoteEndPoint!).Port;
        Traffic = new TrafficRecorder(proxy.Time, proxy.KeepsHistory);
        Mode = mode;
        Completion = Task.Run(RunAsync);
    }

    /// <summary>The client's own port.</summary>
    public int ClientPort { get; }

    /// <summary>The port by which the server knows the connection, once there is one.</summary>
    public int? PortAtServer { get; private set; }

    /// <summary>The flights.</summary>
    public TrafficRecorder Traffic { get; }

    /// <summary>The protocol's messages, as long as they are plain text.</summary>
    public MessageRecorder Messages { get; } = new();

    /// <summary>Ends when both ends have closed or the connection was reset.</summary>
    public Task Completion { get; }

    /// <summary>What happens to bytes that have not been passed on yet.</summary>
    /// <exception cref="InvalidOperationException">Swallow is final: the lost bytes would be missing.</exception>
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
                if (_mode == ProxyMode.Swallow && value != ProxyMode.Swallow)
                    throw new InvalidOperationException("A flow that was dropped does not come back.");
                _mode = value;
                if (value == ProxyMode.Forward)
                    _gateOpens.TrySetResult();
                else if (_gateOpens.Task.IsCompleted)
                    _gateOpens = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    /// <summary>Lets some flights pass and turns to <see cref="ProxyMode.Hold"/> when the client begins the one after them.</summary>
    /// <param name="flights">How many may begin from now on.</param>
    /// <returns>Ends when the client has begun the one that is held; the server has got nothing of it.</returns>
    public Task HoldAfter(int flights)
    {
        lock (_lock)
        {
            _flightsToPass = flights;
            _held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _held.Task;
        }
    }

    /// <summary>Resets both ends (RST), whatever the mode; nothing happens when it has ended.</summary>
    public void Reset()
    {
        if (!Completion.IsCompleted)
            Abort();
    }

    /// <summary>Resets the connection and waits for its end.</summary>
    public async ValueTask DisposeAsync()
    {
        Reset();
        await Completion;
        _ended.Dispose();
    }

    private void Abort()
    {
        // Zero seconds to linger: the kernel throws away what is not sent and says RST instead of FIN.
        foreach (Socket socket in new[] { _client, _server })
        {
            try
            {
                socket.LingerState = new LingerOption(true, 0);
            }
            catch (ObjectDisposedException)
            {
                // It has ended by itself.
            }
            catch (SocketException)
            {
                // The peer has reset it already.
            }

            socket.Close(0);
        }

        _ended.Cancel();
    }

    private static TaskCompletionSource Opened()
    {
        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        opened.SetResult();
        return opened;
    }

    private async Task RunAsync()
    {
        try
        {
            await PassGateAsync();
            await _server.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _proxy.ServerPort), _ended.Token);
            PortAtServer = ((IPEndPoint)_server.LocalEndPoint!).Port;
            await Task.WhenAll(
                PumpAsync(_client, _server, TrafficDirection.ToServer), PumpAsync(_server, _client, TrafficDirection.ToClient));
            _client.Dispose();
            _server.Dispose();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // One end was reset, by its program or by us, or the server refused: the other end learns the same way.
            Abort();
        }
    }

    private async Task PumpAsync(Socket from, Socket to, TrafficDirection direction)
    {
        try
        {
            var buffer = new byte[65536];
            while (true)
            {
                // Read whatever the mode: at most this one buffer is kept back here, the rest where the kernel has it.
                int count = await from.ReceiveAsync(buffer, SocketFlags.None, _ended.Token);
                if (count > 0 && direction == TrafficDirection.ToServer && Traffic.LastDirection != TrafficDirection.ToServer)
                {
                    HoldIfPlanned();
                    if (_proxy.DelayPerFlight > TimeSpan.Zero)
                        await Task.Delay(_proxy.DelayPerFlight, _proxy.Time, _ended.Token);
                }

                // The mode that counts is the one when the bytes, or their end, have come.
                await PassGateAsync();
                if (count == 0)
                {
                    to.Shutdown(SocketShutdown.Send);
                    return;
                }

                // Before they are sent, so that whoever has seen them sees them counted.
                Traffic.Add(direction, count);
                if (_proxy.KeepsHistory)
                    Messages.Add(direction, buffer.AsSpan(0, count));
                for (int sent = 0; sent < count;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), SocketFlags.None, _ended.Token);
            }
        }
        catch (SocketException)
        {
            // Here and not when both pumps have ended: the other one may wait for ever.
            await PassGateAsync();
            Abort();
            throw;
        }
    }

    private void HoldIfPlanned()
    {
        TaskCompletionSource held;
        lock (_lock)
        {
            if (_held is null || _flightsToPass-- > 0)
                return;
            held = _held;
            _held = null;
        }

        Mode = ProxyMode.Hold;
        held.SetResult();
    }

    private async Task PassGateAsync()
    {
        while (true)
        {
            Task opens;
            lock (_lock)
                opens = _gateOpens.Task;
            if (opens.IsCompleted)
                return;
            await opens.WaitAsync(_ended.Token);
        }
    }
}
