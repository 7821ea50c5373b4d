using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace NativeLambda.Trials.Overhead;

/// <summary>A connection to the function's process over which each byte comes back: it tells when the process runs.</summary>
internal sealed class Pulse : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly byte[] _byte = [1];
    private Socket? _connection;

    public Pulse()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
    }

    /// <summary>What the process must find in <c>PULSE_PORT</c>.</summary>
    public string Port => ((IPEndPoint)_listener.LocalEndPoint!).Port.ToString(CultureInfo.InvariantCulture);

    /// <summary>Waits for the connection of the process.</summary>
    public async Task AcceptAsync(CancellationToken cancellationToken)
    {
        _connection = await _listener.AcceptAsync(cancellationToken);
        _connection.NoDelay = true;
        _connection.ReceiveTimeout = (int)Patience.TotalMilliseconds;
    }

    /// <summary>Sends a byte, which a frozen process does not see yet.</summary>
    public void Send() => _connection!.Send(_byte);

    /// <summary>Waits until the byte is back.</summary>
    /// <exception cref="InvalidOperationException">The process has closed the connection.</exception>
    public void Receive()
    {
        if (_connection!.Receive(_byte) != 1) throw new InvalidOperationException("the function's process is gone");
    }

    public void Dispose()
    {
        _connection?.Dispose();
        _listener.Dispose();
    }
}
