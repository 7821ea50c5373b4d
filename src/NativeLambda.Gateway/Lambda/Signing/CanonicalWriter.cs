using System.Text;

namespace NativeLambda.Gateway.Lambda.Signing;

/// <summary>Writes a canonical request into a buffer that is large enough for it.</summary>
internal ref struct CanonicalWriter(Span<byte> buffer)
{
    private readonly Span<byte> _buffer = buffer;
    private int _length;

    public readonly ReadOnlySpan<byte> Written => _buffer[.._length];

    /// <summary>How many bytes it can be at most.</summary>
    public static int MaxLength(string method, string path, string query, ReadOnlySpan<SignedHeader> headers)
    {
        int characters = method.Length + path.Length + query.Length;
        foreach (SignedHeader header in headers) characters += (2 * header.Name.Length) + header.Value.Length + 3;
        return (3 * characters) + 5 + 64;
    }

    public void Write(string method, string path, string query, ReadOnlySpan<SignedHeader> headers, ReadOnlySpan<byte> payloadHash)
    {
        Line(method);
        Line(path);
        Line(query);
        Headers(headers);
        Byte((byte)'\n');
        Names(headers);
        Byte((byte)'\n');
        if (!Convert.TryToHexStringLower(payloadHash, _buffer[_length..], out int digits)) throw new ArgumentException("The buffer is too small.", nameof(payloadHash));
        _length += digits;
    }

    private void Headers(ReadOnlySpan<SignedHeader> headers)
    {
        for (int index = 0; index < headers.Length; index++)
        {
            bool again = index > 0 && headers[index].Name == headers[index - 1].Name;
            if (!again)
            {
                Text(headers[index].Name);
                Byte((byte)':');
            }
            Value(headers[index].Value);
            Byte(index + 1 < headers.Length && headers[index + 1].Name == headers[index].Name ? (byte)',' : (byte)'\n');
        }
    }

    private void Names(ReadOnlySpan<SignedHeader> headers)
    {
        for (int index = 0; index < headers.Length; index++)
        {
            if (index > 0 && headers[index].Name == headers[index - 1].Name) continue;
            if (index > 0) Byte((byte)';');
            Text(headers[index].Name);
        }
    }

    /// <summary>Without spaces at the ends; several of them in a row become one.</summary>
    private void Value(string value)
    {
        ReadOnlySpan<char> rest = value.AsSpan().Trim(' ');
        while (rest.IndexOf("  ") is >= 0 and var at)
        {
            Text(rest[..(at + 1)]);
            rest = rest[at..].TrimStart(' ');
        }
        Text(rest);
    }

    private void Line(string text)
    {
        Text(text);
        Byte((byte)'\n');
    }

    private void Text(ReadOnlySpan<char> text) => _length += Encoding.UTF8.GetBytes(text, _buffer[_length..]);

    private void Byte(byte value) => _buffer[_length++] = value;
}
