using System.Buffers.Binary;
using System.Text;

namespace NativeLambda.Emulator.Faults;

/// <summary>Cuts the plain text of one connection into the protocol's messages; once TLS begins, or anything else, there is nothing to read.</summary>
public sealed class MessageRecorder
{
    private const int SslRequest = 80877103;
    private const int GssEncryptionRequest = 80877104;
    private const int CancelRequest = 80877102;

    private readonly Lock _lock = new();
    private readonly List<ProtocolMessage> _messages = [];
    private readonly List<byte> _fromClient = [];
    private readonly List<byte> _fromServer = [];
    private bool _started;
    private bool _encryptionAsked;
    private bool _opaque;

    /// <summary>All messages so far, in the order in which they passed.</summary>
    public IReadOnlyList<ProtocolMessage> Messages
    {
        get
        {
            lock (_lock)
                return [.. _messages];
        }
    }

    /// <summary>How many messages have passed: a mark for <see cref="Since"/>.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _messages.Count;
        }
    }

    /// <summary>Whether the connection turned to TLS or to what is not the protocol, so that no more messages are seen.</summary>
    public bool IsOpaque
    {
        get
        {
            lock (_lock)
                return _opaque;
        }
    }

    /// <summary>How often the server said ReadyForQuery: once for the log-in, then once a simple query or Sync.</summary>
    public int RoundTrips => Messages.Count(message => message is { Direction: TrafficDirection.ToClient, Type: "Z" });

    /// <summary>The messages after a mark.</summary>
    public IReadOnlyList<ProtocolMessage> Since(int mark)
    {
        lock (_lock)
            return _messages[mark..];
    }

    internal void Add(TrafficDirection direction, ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            if (_opaque)
                return;
            List<byte> pending = direction == TrafficDirection.ToServer ? _fromClient : _fromServer;
            pending.AddRange(bytes);
            while (!_opaque && (direction == TrafficDirection.ToServer ? TakeFromClient() : TakeFromServer()))
            {
            }
        }
    }

    private bool TakeFromClient()
    {
        if (_started)
            return TakeTyped(_fromClient, TrafficDirection.ToServer);
        if (!HasWhole(_fromClient, lengthAt: 0, least: 8, out int length))
            return false;
        int code = Integer(_fromClient, 4);
        _fromClient.RemoveRange(0, length);
        string type = code switch
        {
            SslRequest => "SSLRequest",
            GssEncryptionRequest => "GSSENCRequest",
            CancelRequest => "CancelRequest",
            _ => "StartupMessage",
        };
        _messages.Add(new ProtocolMessage(TrafficDirection.ToServer, type));
        _encryptionAsked = code is SslRequest or GssEncryptionRequest;
        _started = type == "StartupMessage";
        return true;
    }

    private bool TakeFromServer()
    {
        if (!_encryptionAsked)
            return TakeTyped(_fromServer, TrafficDirection.ToClient);
        if (_fromServer.Count == 0)
            return false;
        // One byte answers the request for encryption: N no, S or G yes.
        _encryptionAsked = false;
        _opaque = _fromServer[0] != (byte)'N';
        _fromServer.RemoveAt(0);
        return true;
    }

    private bool TakeTyped(List<byte> pending, TrafficDirection direction)
    {
        if (!HasWhole(pending, lengthAt: 1, least: 4, out int length))
            return false;
        char type = (char)pending[0];
        byte[] body = [.. pending.GetRange(5, length - 4)];
        pending.RemoveRange(0, 1 + length);
        _messages.Add(new ProtocolMessage(direction, type.ToString(), Text(direction, type, body)));
        return true;
    }

    private bool HasWhole(List<byte> pending, int lengthAt, int least, out int length)
    {
        length = 0;
        if (pending.Count < lengthAt + 4)
            return false;
        length = Integer(pending, lengthAt);
        _opaque = length < least;
        return !_opaque && pending.Count >= lengthAt + length;
    }

    private static string? Text(TrafficDirection direction, char type, byte[] body) => (direction, type) switch
    {
        (TrafficDirection.ToServer, 'Q') => Strings(body)[0],
        (TrafficDirection.ToServer, 'P') => Strings(body)[1], // name, SQL, parameter types
        (TrafficDirection.ToClient, 'C') => Strings(body)[0],
        (TrafficDirection.ToClient, 'Z') => ((char)body[0]).ToString(),
        (TrafficDirection.ToClient, 'E') => Strings(body).Single(field => field.StartsWith('C'))[1..],
        _ => null,
    };

    private static string[] Strings(byte[] body) => Encoding.UTF8.GetString(body).Split('\0');

    private static int Integer(List<byte> bytes, int at)
    {
        Span<byte> four = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
        return BinaryPrimitives.ReadInt32BigEndian(four);
    }
}
