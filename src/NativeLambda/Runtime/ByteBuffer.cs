using System.Buffers;

namespace NativeLambda.Runtime;

/// <summary>
/// Bytes that grow at their end and are used again and again. It never holds more than twice what was really written (or the
/// first size), and lets go of an array that was large.
/// </summary>
internal sealed class ByteBuffer(int firstSize, int keepSize = int.MaxValue) : IBufferWriter<byte>
{
    private byte[] _bytes = [];

    public int Length { get; private set; }

    public int Capacity => _bytes.Length;

    public ArraySegment<byte> Segment => new(_bytes, 0, Length);

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    public ReadOnlySpan<byte> WrittenSpan => _bytes.AsSpan(0, Length);

    /// <summary>Forgets what was written; an array larger than the size to keep is left to the garbage collector.</summary>
    /// <returns>Whether one was.</returns>
    public bool Clear()
    {
        Length = 0;
        if (_bytes.Length <= keepSize)
            return false;
        _bytes = [];
        return true;
    }

    /// <summary>Appends; doubles when full, but not beyond the final length where that is declared.</summary>
    public void Append(ReadOnlySpan<byte> part, int? declaredLength = null)
    {
        Grow(part.Length, declaredLength ?? int.MaxValue);
        part.CopyTo(_bytes.AsSpan(Length));
        Length += part.Length;
    }

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Grow(Math.Max(1, sizeHint), int.MaxValue);
        return _bytes.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    private void Grow(int count, int final)
    {
        int needed = checked(Length + count);
        if (needed <= _bytes.Length)
            return;
        int doubled = (int)Math.Min(Math.Max(firstSize, 2L * Length), Math.Min(final, Array.MaxLength));
        Array.Resize(ref _bytes, Math.Max(needed, doubled));
    }
}
