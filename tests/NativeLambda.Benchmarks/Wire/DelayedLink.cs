using System.Net;
using System.Net.Sockets;

namespace NativeLambda.Benchmarks.Wire;

/// <summary>One connection through a <see cref="FlightProxy"/>.</summary>
internal sealed class DelayedLink : IDisposable
{
    private readonly Socket _client;
    private readonly Socket _server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly TimeSpan _delay;
    private readonly FlightCounter _counter;
    private readonly TimeProvider _time;
    private readonly Queue<(long Due, byte[] Bytes)> _underWay = [];
    private readonly byte[] _buffer = new byte[64 * 1024];
    private bool _isFirst = true;
    private bool _clientEnded;

    /// <summary>Connects to the server for a client.</summary>
    public DelayedLink(Socket client, int serverPort, TimeSpan delay, FlightCounter counter, TimeProvider time)
    {
        (_client, _delay, _counter, _time) = (client, delay, counter, time);
        _client.NoDelay = true;
        _server.NoDelay = true;
        _server.Connect(new IPEndPoint(IPAddress.Loopback, serverPort));
    }

    /// <summary>The client's descriptor, or -1 once it has ended, which poll(2) passes over.</summary>
    public int ClientDescriptor => _clientEnded ? -1 : (int)_client.Handle;

    /// <summary>The server's descriptor.</summary>
    public int ServerDescriptor => (int)_server.Handle;

    /// <summary>The timestamp at which something is to be delivered to the server; nothing where nothing is under way.</summary>
    public long? NextDue => _underWay.TryPeek(out (long Due, byte[] Bytes) next) ? next.Due : null;

    /// <summary>Whether both ends have nothing more to say to each other.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Takes what the client has sent.</summary>
    public void ReadClient()
    {
        int count = _client.Receive(_buffer, SocketFlags.None, out SocketError error);
        long now = _time.GetTimestamp();
        _clientEnded = error != SocketError.Success || count == 0;
        if (_clientEnded)
        {
            // An empty piece is the end of the stream, which travels as long as what was before it.
            _underWay.Enqueue((now + Ticks(_delay), []));
            return;
        }

        _counter.Sent(_buffer.AsSpan(0, count), now);
        _underWay.Enqueue((now + Ticks(_isFirst ? _delay * 2 : _delay), _buffer[..count]));
        _isFirst = false;
    }

    /// <summary>Delivers what is due to the server.</summary>
    public void DeliverDue()
    {
        while (!HasEnded && _underWay.TryPeek(out (long Due, byte[] Bytes) next) && next.Due <= _time.GetTimestamp())
        {
            _underWay.Dequeue();
            if (next.Bytes.Length == 0) HasEnded = true;
            else _server.Send(next.Bytes, SocketFlags.None, out _); // a server that has gone is seen when it is read
        }
    }

    /// <summary>Delivers what the server has sent to the client, at once.</summary>
    public void ReadServer()
    {
        int count = _server.Receive(_buffer, SocketFlags.None, out SocketError error);
        if (error != SocketError.Success || count == 0)
        {
            HasEnded = true;
            return;
        }

        // Before it is sent: the client may have answered before this thread runs on.
        _counter.Delivered(_buffer.AsSpan(0, count), _time.GetTimestamp());
        _client.Send(_buffer.AsSpan(0, count), SocketFlags.None, out _); // a client that has gone is seen when it is read
    }

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * _time.TimestampFrequency);
}
