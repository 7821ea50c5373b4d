using System.Buffers;
using System.Globalization;

namespace NativeLambda.Gateway.Lambda.Http1;

/// <summary>Reads the body behind a head, up to a limit.</summary>
internal static class BodyOfResponse
{
    /// <summary>The body.</summary>
    /// <param name="head">The head before it.</param>
    /// <param name="buffer">What comes over the connection.</param>
    /// <param name="stream">The connection.</param>
    /// <param name="limit">The most bytes.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="BodyTooLargeException">There are more.</exception>
    /// <exception cref="FormatException">It is malformed.</exception>
    /// <exception cref="EndOfStreamException">The connection ended before the body did.</exception>
    public static ValueTask<byte[]> ReadAsync(ResponseHead head, ReceiveBuffer buffer, Stream stream, int limit, CancellationToken cancellation)
    {
        if (head.Status is 204 or 304) return new([]);
        if (head.IsChunked) return ReadChunksAsync(buffer, limit, cancellation);
        if (head.ContentLength < 0) return ReadToEndAsync(buffer, limit, cancellation);
        if (head.ContentLength > limit) throw new BodyTooLargeException();
        return ReadLengthAsync((int)head.ContentLength, buffer, stream, cancellation);
    }

    private static async ValueTask<byte[]> ReadLengthAsync(int length, ReceiveBuffer buffer, Stream stream, CancellationToken cancellation)
    {
        if (length == 0) return [];
        byte[] body = GC.AllocateUninitializedArray<byte>(length);
        int count = buffer.Take(body);
        if (count < length) await stream.ReadExactlyAsync(body.AsMemory(count), cancellation);
        return body;
    }

    private static async ValueTask<byte[]> ReadToEndAsync(ReceiveBuffer buffer, int limit, CancellationToken cancellation)
    {
        var body = new ArrayBufferWriter<byte>();
        do
        {
            Append(body, buffer, buffer.Available.Length, limit);
        }
        while (await buffer.FillAsync(cancellation));
        return body.WrittenSpan.ToArray();
    }

    private static async ValueTask<byte[]> ReadChunksAsync(ReceiveBuffer buffer, int limit, CancellationToken cancellation)
    {
        var body = new ArrayBufferWriter<byte>();
        while (true)
        {
            long left = ReadSize(await LineAsync(buffer, cancellation), out int line);
            buffer.Consume(line);
            if (left == 0) break;
            if (left > limit - body.WrittenCount) throw new BodyTooLargeException();
            while (left > 0)
            {
                if (buffer.Available.IsEmpty) await FillAsync(buffer, cancellation);
                int count = (int)Math.Min(left, buffer.Available.Length);
                Append(body, buffer, count, limit);
                left -= count;
            }
            if (await LineAsync(buffer, cancellation) != 0) throw new FormatException("a chunk is longer than it said");
            buffer.Consume(2);
        }
        while (await LineAsync(buffer, cancellation) is > 0 and var trailer) buffer.Consume(trailer + 2);
        buffer.Consume(2);
        return body.WrittenSpan.ToArray();

        long ReadSize(int length, out int line)
        {
            ReadOnlySpan<byte> text = buffer.Available[..length];
            line = length + 2;
            if (text.IndexOf((byte)';') is >= 0 and var extension) text = text[..extension].TrimEnd(" \t"u8);
            return text.Length is > 0 and <= 8 && long.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long size)
                ? size
                : throw new FormatException("the size of a chunk is none");
        }
    }

    /// <summary>Waits until a line is there; gives its length.</summary>
    private static async ValueTask<int> LineAsync(ReceiveBuffer buffer, CancellationToken cancellation)
    {
        while (true)
        {
            if (buffer.Available.IndexOf("\r\n"u8) is >= 0 and var end) return end;
            await FillAsync(buffer, cancellation);
        }
    }

    private static async ValueTask FillAsync(ReceiveBuffer buffer, CancellationToken cancellation)
    {
        if (!await buffer.FillAsync(cancellation)) throw new EndOfStreamException("the connection ended in the middle of a body");
    }

    private static void Append(ArrayBufferWriter<byte> body, ReceiveBuffer buffer, int count, int limit)
    {
        if (count > limit - body.WrittenCount) throw new BodyTooLargeException();
        body.Write(buffer.Available[..count]);
        buffer.Consume(count);
    }
}

/// <summary>A body is larger than is allowed.</summary>
internal sealed class BodyTooLargeException() : Exception("the body is too large");
