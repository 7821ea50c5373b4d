using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace NativeLambda.Trials.Gateway.Faults;

/// <summary>
/// A Lambda that does with each invocation what the request's path says: <c>/sync/Garbage/17</c> gets garbage. It can be killed, with all
/// of its connections, and comes back at the same port.
/// </summary>
internal sealed partial class FaultyLambda : IAsyncDisposable
{
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<Socket, Task> _connections = new();
    private readonly ConcurrentDictionary<string, bool> _throttled = new();
    private TcpListener _listener;
    private Task _accepting;

    public FaultyLambda(TimeProvider time)
    {
        _time = time;
        _listener = new TcpListener(IPAddress.Loopback, 0);
        _listener.Start(1024);
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync(_listener);
    }

    public int Port { get; }

    /// <summary>Ends the listener and resets every connection.</summary>
    public async Task KillAsync()
    {
        _listener.Stop();
        await _accepting;
        foreach ((Socket socket, _) in _connections) Reset(socket);
    }

    /// <summary>Listens again.</summary>
    public void Revive()
    {
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _listener.Start(1024);
        _accepting = AcceptAsync(_listener);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await KillAsync();
        await Task.WhenAll(_connections.Values);
        _stopping.Dispose();
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                Socket socket = await listener.AcceptSocketAsync(_stopping.Token);
                socket.NoDelay = true;
                var gate = new TaskCompletionSource();
                _connections[socket] = ServeAsync(socket, gate.Task);
                gate.SetResult();
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // It was killed.
        }
    }

    private async Task ServeAsync(Socket socket, Task registered)
    {
        await registered;
        try
        {
            using var stream = new NetworkStream(socket);
            using var reader = new BufferedStream(stream);
            while (await ReadAsync(reader) is { } path)
            {
                if (!await AnswerAsync(path, socket, stream)) break;
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            // The gateway ended the connection, as it may; or we did.
        }
        finally
        {
            _connections.TryRemove(socket, out _);
            socket.Dispose();
        }
    }

    /// <summary>Reads a request; gives the path that the client asked for, out of the event.</summary>
    private async Task<string?> ReadAsync(BufferedStream stream)
    {
        int length = 0;
        bool any = false;
        while (await LineAsync(stream) is { } line)
        {
            if (line.Length == 0)
            {
                var body = new byte[length];
                await stream.ReadExactlyAsync(body, _stopping.Token);
                return RawPath().Match(Encoding.UTF8.GetString(body)).Groups[1].Value;
            }
            any = true;
            if (line.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase)) length = int.Parse(line[16..], CultureInfo.InvariantCulture);
        }
        return any ? throw new IOException("a request was cut") : null;
    }

    private async Task<string?> LineAsync(BufferedStream stream)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (await stream.ReadAsync(one, _stopping.Token) == 1)
        {
            if (one[0] == '\n') return line.ToString().TrimEnd('\r');
            line.Append((char)one[0]);
        }
        return null;
    }

    private async Task<bool> AnswerAsync(string path, Socket socket, Stream stream)
    {
        string[] parts = path.Split('/');
        FaultKind kind = Enum.Parse<FaultKind>(parts[2]);
        switch (kind)
        {
            case FaultKind.Never:
                await stream.ReadExactlyAsync(new byte[1], _stopping.Token); // until the gateway has had enough
                return false;
            case FaultKind.Closed:
                return false;
            case FaultKind.Reset:
                Reset(socket);
                return false;
            case FaultKind.Slow:
                await Task.Delay(TimeSpan.FromMilliseconds(30), _time, _stopping.Token);
                break;
            case FaultKind.ThrottledOnce when _throttled.TryAdd(path, true):
                await stream.WriteAsync(FaultAnswers.Of(FaultKind.Throttled, path), _stopping.Token);
                return true;
        }
        if (kind == FaultKind.Pieces)
        {
            foreach (byte[] piece in FaultAnswers.Of(kind, path).Chunk(7)) await stream.WriteAsync(piece, _stopping.Token);
            return true;
        }
        await stream.WriteAsync(FaultAnswers.Of(kind, path), _stopping.Token);
        return !FaultAnswers.EndsConnection(kind);
    }

    private static void Reset(Socket socket)
    {
        try
        {
            socket.Close(0);
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself in this moment.
        }
    }

    [GeneratedRegex("\"rawPath\":\"([^\"]+)\"")]
    private static partial Regex RawPath();
}
