using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace NativeLambda.Benchmarks.Measuring;

/// <summary>Cuts what comes over a connection into HTTP requests, whatever the pieces: bodies by length or in chunks.</summary>
internal sealed class RequestReader
{
    private const int FirstCapacity = 16 * 1024;

    private byte[] _buffer = new byte[FirstCapacity];
    private int _count;

    /// <summary>Where the next piece goes; tell its length to <see cref="Advance"/>.</summary>
    public Span<byte> Free
    {
        get
        {
            if (_count == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);
            return _buffer.AsSpan(_count);
        }
    }

    /// <summary>So many bytes have come.</summary>
    public void Advance(int count) => _count += count;

    /// <summary>Takes the next request out, if it is complete.</summary>
    /// <param name="receivedAt">The timestamp of the last piece.</param>
    /// <exception cref="BenchmarkException">It is no HTTP.</exception>
    public RuntimeRequest? TryTake(long receivedAt)
    {
        ReadOnlySpan<byte> bytes = _buffer.AsSpan(0, _count);
        int end = bytes.IndexOf("\r\n\r\n"u8);
        if (end < 0) return null;
        ReadOnlySpan<byte> head = bytes[..end];
        int line = head.IndexOf("\r\n"u8);
        RuntimeRoute route = Route(line < 0 ? head : head[..line]);
        int used = end + 4;
        byte[]? body = IsChunked(head) ? TakeChunks(bytes[used..], ref used) : TakeLength(bytes[used..], Length(head), ref used);
        if (body is null) return null;
        _buffer.AsSpan(used, _count - used).CopyTo(_buffer);
        _count -= used;
        return new RuntimeRequest(route, body, receivedAt);
    }

    private static byte[]? TakeLength(ReadOnlySpan<byte> bytes, int length, ref int used)
    {
        if (bytes.Length < length) return null;
        used += length;
        return bytes[..length].ToArray();
    }

    private static byte[]? TakeChunks(ReadOnlySpan<byte> bytes, ref int used)
    {
        var body = new List<byte>();
        int at = 0;
        while (true)
        {
            int line = bytes[at..].IndexOf("\r\n"u8);
            if (line < 0) return null;
            if (!Utf8Parser.TryParse(bytes.Slice(at, line), out int length, out _, 'x')) throw new BenchmarkException("a chunk has no length");
            at += line + 2;
            if (bytes.Length < at + length + 2) return null;
            body.AddRange(bytes.Slice(at, length));
            at += length + 2;
            if (length > 0) continue;
            used += at;
            return [.. body];
        }
    }

    private static int Length(ReadOnlySpan<byte> head) =>
        Header(head, "\r\ncontent-length:"u8) is { Length: > 0 } value ? int.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture) : 0;

    private static bool IsChunked(ReadOnlySpan<byte> head) => Header(head, "\r\ntransfer-encoding:"u8).Contains("chunked", StringComparison.OrdinalIgnoreCase);

    /// <summary>The value of a header; nothing where it is absent.</summary>
    /// <param name="head">The head of the request.</param>
    /// <param name="name">Line end, name in small letters, colon.</param>
    private static string Header(ReadOnlySpan<byte> head, ReadOnlySpan<byte> name)
    {
        for (int at = 0; at + name.Length <= head.Length; at++)
        {
            int next = head[at..].IndexOf((byte)'\r');
            if (next < 0 || at + next + name.Length > head.Length) break;
            at += next;
            if (!Ascii.EqualsIgnoreCase(head.Slice(at, name.Length), name)) continue;
            ReadOnlySpan<byte> value = head[(at + name.Length)..];
            int end = value.IndexOf((byte)'\r');
            return Encoding.ASCII.GetString(end < 0 ? value : value[..end]).Trim();
        }

        return "";
    }

    private static RuntimeRoute Route(ReadOnlySpan<byte> line)
    {
        int version = line.LastIndexOf((byte)' ');
        ReadOnlySpan<byte> target = version < 0 ? line : line[..version];
        if (target.EndsWith("/runtime/invocation/next"u8)) return RuntimeRoute.Next;
        if (target.EndsWith("/response"u8)) return RuntimeRoute.Response;
        if (target.EndsWith("/runtime/init/error"u8)) return RuntimeRoute.InitError;
        if (target.EndsWith("/error"u8)) return RuntimeRoute.InvocationError;
        if (target.EndsWith("/extension/register"u8)) return RuntimeRoute.RegisterExtension;
        return target.EndsWith("/extension/event/next"u8) ? RuntimeRoute.NextExtensionEvent : RuntimeRoute.Unknown;
    }
}
