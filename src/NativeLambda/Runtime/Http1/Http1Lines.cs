namespace NativeLambda.Runtime.Http1;

/// <summary>
/// Cuts input into lines and keeps the beginning of a line whose end has not come yet. A line that is whole in the input is not
/// copied.
/// </summary>
internal sealed class Http1Lines
{
    private byte[] _kept = [];
    private int _length;

    /// <summary>The beginning of a line that has come so far.</summary>
    public ReadOnlySpan<byte> Pending => _kept.AsSpan(0, _length);

    /// <summary>Takes the next line, with its end, off the input.</summary>
    /// <param name="input">What has come.</param>
    /// <param name="max">The longest line that is kept, in bytes.</param>
    /// <param name="consumed">How much of the input was used.</param>
    /// <param name="line">The line, valid until the next call.</param>
    /// <param name="tooLong">Whether it is longer than <paramref name="max"/>; then nothing was taken.</param>
    /// <returns>False when the line goes on, or is too long.</returns>
    public bool TryTake(ReadOnlySpan<byte> input, int max, out int consumed, out ReadOnlySpan<byte> line, out bool tooLong)
    {
        int end = input.IndexOf((byte)'\n');
        consumed = end < 0 ? input.Length : end + 1;
        line = default;
        tooLong = consumed > max - _length;
        if (tooLong)
            return false;
        if (end >= 0 && _length == 0)
        {
            line = input[..consumed];
            return true;
        }

        Keep(input[..consumed]);
        if (end < 0)
            return false;
        line = Pending;
        _length = 0;
        return true;
    }

    public void Clear() => _length = 0;

    private void Keep(ReadOnlySpan<byte> part)
    {
        int length = _length + part.Length;
        if (length > _kept.Length)
            Array.Resize(ref _kept, Math.Max(length, Math.Max(256, _kept.Length * 2)));
        part.CopyTo(_kept.AsSpan(_length));
        _length = length;
    }
}
