using System.Net.Sockets;
using System.Text;

namespace NativeLambda.Tests.Runtime;

/// <summary>One accepted connection: reads requests, sends bytes. A parser of its own, to share no fault with the one under test.</summary>
internal sealed class FakeConnection(Socket socket, int number) : IDisposable
{
    private readonly List<byte> _received = [];

    public int Number => number;

    /// <summary>The next request, or <see langword="null"/> when the client has gone.</summary>
    public async Task<FakeRequest?> ReadAsync(CancellationToken cancellationToken)
    {
        int end;
        while ((end = EndOfHead()) < 0)
        {
            if (!await ReceiveAsync(cancellationToken))
                return null;
        }

        string head = Encoding.Latin1.GetString([.. _received.Take(end)]);
        var request = new FakeRequest(number, head, []);
        int length = int.Parse(request.Header("Content-Length") ?? "0", System.Globalization.CultureInfo.InvariantCulture);
        while (_received.Count < end + 4 + length)
        {
            if (!await ReceiveAsync(cancellationToken))
                return null;
        }

        byte[] body = [.. _received.GetRange(end + 4, length)];
        _received.RemoveRange(0, end + 4 + length);
        return request with { Body = body };
    }

    /// <summary>Whether the client closes, rather than sends something, from now on.</summary>
    public async Task<bool> EndsAsync(CancellationToken cancellationToken) => _received.Count == 0 && !await ReceiveAsync(cancellationToken);

    /// <summary>Whether the client has closed already.</summary>
    public bool HasEnded => socket.Poll(0, SelectMode.SelectRead) && socket.Available == 0;

    public async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await socket.SendAsync(bytes, cancellationToken)..];
    }

    /// <summary>Closes with RST.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Dispose();
    }

    public void Dispose() => socket.Dispose();

    private int EndOfHead() =>
        System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_received).IndexOf("\r\n\r\n"u8);

    private async Task<bool> ReceiveAsync(CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            int count = await socket.ReceiveAsync(buffer, cancellationToken);
            _received.AddRange(buffer.AsSpan(0, count));
            return count > 0;
        }
        catch (SocketException)
        {
            // Reset by the client, as good as closed.
            return false;
        }
    }
}
