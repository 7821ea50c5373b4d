using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace NativeLambda.IntegrationTests.Failover;

/// <summary>What the name server does with a question.</summary>
internal enum NameAnswer
{
    /// <summary>It says the address.</summary>
    Address,

    /// <summary>It says that there is no such name (NXDOMAIN).</summary>
    NoSuchName,

    /// <summary>It says that it cannot find out (SERVFAIL).</summary>
    ServerFailure,

    /// <summary>It says nothing.</summary>
    Silence,
}

/// <summary>A DNS server on an address of loopback of its own that knows one address for every name.</summary>
internal sealed class NameServer : IAsyncDisposable
{
    private const int HeaderLength = 12;
    private const ushort TypeA = 1;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;
    private int _questions;

    /// <exception cref="SocketException">Port 53 is for root.</exception>
    public NameServer(IPAddress says)
    {
        Says = says;
        // One of sixteen million, so that neighbours do not meet.
        Address = new IPAddress([127, (byte)Random.Shared.Next(1, 255), (byte)Random.Shared.Next(0, 255), (byte)Random.Shared.Next(1, 255)]);
        _socket.Bind(new IPEndPoint(Address, 53));
        _serving = ServeAsync();
    }

    /// <summary>Where it listens, on port 53.</summary>
    public IPAddress Address { get; }

    /// <summary>The address of every name.</summary>
    public IPAddress Says { get; set; }

    public NameAnswer Answer { get; set; }

    /// <summary>How many questions have come.</summary>
    public int Questions => Volatile.Read(ref _questions);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _socket.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        var buffer = new byte[512];
        try
        {
            while (true)
            {
                SocketReceiveFromResult received = await _socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), _stop.Token);
                Interlocked.Increment(ref _questions);
                if (Answer != NameAnswer.Silence)
                    await _socket.SendToAsync(Reply(buffer.AsSpan(0, received.ReceivedBytes)), received.RemoteEndPoint, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    /// <summary>RFC 1035, section 4: the header and the question again, then, for an IPv4 address, the answer, good for no time.</summary>
    private byte[] Reply(ReadOnlySpan<byte> query)
    {
        int end = HeaderLength;
        while (query[end] != 0)
            end += 1 + query[end];
        ushort type = BinaryPrimitives.ReadUInt16BigEndian(query[(end + 1)..]);
        end += 5;
        bool answers = Answer == NameAnswer.Address && type == TypeA;
        byte[] reply =
        [
            .. query[..2],
            0x81, (byte)(0x80 | Answer switch { NameAnswer.NoSuchName => 3, NameAnswer.ServerFailure => 2, _ => 0 }),
            0, 1, 0, (byte)(answers ? 1 : 0), 0, 0, 0, 0,
            .. query[HeaderLength..end],
        ];
        return answers ? [.. reply, 0xC0, HeaderLength, 0, (byte)TypeA, 0, 1, 0, 0, 0, 0, 0, 4, .. Says.GetAddressBytes()] : reply;
    }
}
