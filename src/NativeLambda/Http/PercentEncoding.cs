using System.Buffers;
using System.Text;

namespace NativeLambda.Http;

/// <summary>Decodes percent-encoded text of a URI, once.</summary>
/// <remarks>
/// Never fails: a <c>%</c> that two hexadecimal digits do not follow stands for itself, and bytes that are not UTF-8 become U+FFFD.
/// Source: <see href="https://www.rfc-editor.org/rfc/rfc3986#section-2.1">RFC 3986, section 2.1</see>.
/// </remarks>
internal static class PercentEncoding
{
    /// <param name="text">A segment of a path, or a name or value of a query.</param>
    /// <param name="plusIsSpace">Whether <c>+</c> means a space: in queries it does, in paths it does not.</param>
    public static string Decode(ReadOnlySpan<char> text, bool plusIsSpace)
    {
        if (!text.Contains('%') && !(plusIsSpace && text.Contains('+')))
            return text.ToString();

        byte[] bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        int length = 0;
        for (int i = 0; i < text.Length;)
        {
            if (text[i] == '%' && i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]))
            {
                bytes[length++] = (byte)((Digit(text[i + 1]) << 4) | Digit(text[i + 2]));
                i += 3;
                continue;
            }

            // Up to the next escape in one go, so that surrogate pairs stay together.
            int end = text[(i + 1)..].IndexOf('%');
            end = end < 0 ? text.Length : i + 1 + end;
            int written = Encoding.UTF8.GetBytes(text[i..end], bytes.AsSpan(length));
            if (plusIsSpace)
                bytes.AsSpan(length, written).Replace((byte)'+', (byte)' ');
            length += written;
            i = end;
        }

        string decoded = Encoding.UTF8.GetString(bytes, 0, length);
        ArrayPool<byte>.Shared.Return(bytes);
        return decoded;
    }

    private static int Digit(char hex) => hex <= '9' ? hex - '0' : (hex | 0x20) - 'a' + 10;
}
