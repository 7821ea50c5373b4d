using System.Buffers;

namespace NativeLambda.Gateway.Lambda.Http1;

/// <summary>What came over a connection and was not looked at yet.</summary>
internal sealed class ReceiveBuffer(Stream stream, int capacity) : IDisposable
{
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(capacity);
    private int _start;
    private int _end;

    public ReadOnlySpan<byte> Available => _bytes.AsSpan(_start, _end - _start);

    public void Consume(int count)
    {
        _start += count;
        if (_start == _end) _start = _end = 0;
    }

    /// <summary>Takes what is there into a destination, up to its length.</summary>
    public int Take(Span<byte> destination)
    {
        int count = Math.Min(destination.Length, _end - _start);
        _bytes.AsSpan(_start, count).CopyTo(destination);
        Consume(count);
        return count;
    }

    /// <summary>Where what comes next belongs; <see cref="Received"/> is told how much it was.</summary>
    /// <exception cref="FormatException">The buffer is full: what should fit into it does not.</exception>
    public Memory<byte> Free()
    {
        if (_end == _bytes.Length)
        {
            if (_start == 0) throw new FormatException("a line or head is too long");
            Available.CopyTo(_bytes);
            (_start, _end) = (0, _end - _start);
        }
        return _bytes.AsMemory(_end);
    }

    public void Received(int count) => _end += count;

    /// <summary>Reads more; false at the end of the connection.</summary>
    /// <exception cref="FormatException">The buffer is full: what should fit into it does not.</exception>
    public async ValueTask<bool> FillAsync(CancellationToken cancellation)
    {
        int count = await stream.ReadAsync(Free(), cancellation);
        Received(count);
        return count > 0;
    }

    public void Dispose()
    {
        byte[] bytes = _bytes;
        _bytes = [];
        (_start, _end) = (0, 0);
        ArrayPool<byte>.Shared.Return(bytes);
    }
}
