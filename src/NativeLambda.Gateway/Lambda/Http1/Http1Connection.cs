using System.Buffers;
using System.Net.Sockets;
using NativeLambda.Gateway.Lambda.Http;

namespace NativeLambda.Gateway.Lambda.Http1;

/// <summary>A connection that takes one request after the other.</summary>
internal sealed class Http1Connection(Socket socket, Stream stream, long opened) : IDisposable
{
    private const int MaxHead = 32 * 1024;
    private const int MaxInterim = 8;

    private readonly ReceiveBuffer _received = new(stream, MaxHead);
    private int _disposed;

    /// <summary>When it was opened, by the clock's timestamps.</summary>
    public long Opened { get; } = opened;

    /// <summary>Since when it waits for a request.</summary>
    public long Idle { get; set; } = opened;

    /// <summary>Whether the last answer left it fit for another request.</summary>
    public bool IsReusable { get; private set; }

    /// <summary>Whether nothing came while it was idle: neither its end nor an answer that nobody asked for.</summary>
    public bool IsQuiet => !socket.Poll(0, SelectMode.SelectRead);

    /// <summary>Sends a request and reads its answer.</summary>
    public async ValueTask<InvokeAnswer> SendAsync(InvokeRequest request, int limit, CancellationToken cancellation)
    {
        IsReusable = false;
        await WriteAsync(request, cancellation);
        ResponseHead head;
        // In place, and not in a method of its own: each that waits costs every call.
        for (int interim = 0; !TryReadHead(ref interim, out head);)
        {
            int count = await stream.ReadAsync(_received.Free(), cancellation);
            if (count == 0) throw new EndOfStreamException("the connection ended before the answer");
            _received.Received(count);
        }
        bool isError = head.Status >= 300;
        byte[] body = await BodyOfResponse.ReadAsync(head, _received, stream, isError ? Math.Max(limit, ErrorAnswer.MaxBody) : limit, cancellation);
        IsReusable = head.KeepsAlive && (head.ContentLength >= 0 || head.IsChunked || head.Status is 204 or 304) && _received.Available.IsEmpty;
        return new InvokeAnswer
        {
            Status = head.Status,
            RequestId = head.RequestId,
            FunctionError = head.FunctionError,
            ErrorType = head.ErrorType,
            RetryAfter = head.RetryAfter,
            Body = body,
        };
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        stream.Dispose();
        _received.Dispose();
    }

    private async ValueTask WriteAsync(InvokeRequest request, CancellationToken cancellation)
    {
        byte[] bytes = RequestWriter.Write(request, out int length);
        try
        {
            await stream.WriteAsync(bytes.AsMemory(0, length), cancellation);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
        if (request.Payload.Length > RequestWriter.OnePiece) await stream.WriteAsync(request.Payload, cancellation);
    }

    /// <summary>Reads the answer's head, should it be there whole, and those of interim answers (1xx) before it.</summary>
    private bool TryReadHead(ref int interim, out ResponseHead head)
    {
        while (_received.Available.IndexOf("\r\n\r\n"u8) is >= 0 and var end)
        {
            head = ResponseHead.Parse(_received.Available[..end]);
            _received.Consume(end + 4);
            if (head.Status >= 200) return true;
            if (++interim > MaxInterim) throw new FormatException("there is no end of interim answers");
        }
        head = default;
        return false;
    }
}
