using System.Text;

namespace NativeLambda.Payloads.Events;

/// <summary>Decodes percent-encoded text of a URL into UTF-8.</summary>
internal static class UrlText
{
    /// <summary>
    /// Decodes, once. What is no escape (<c>%zz</c>, a percent sign at the end) or stands for bytes that are no UTF-8 (<c>%FF</c>) stays as
    /// it is: nothing that a client sent is lost.
    /// </summary>
    /// <param name="text">The encoded text.</param>
    /// <param name="plusIsSpace">Whether a plus sign stands for a space, as in a query.</param>
    /// <param name="output">Space for three bytes a character.</param>
    /// <returns>How many bytes there are.</returns>
    public static int Decode(ReadOnlySpan<char> text, bool plusIsSpace, Span<byte> output)
    {
        int used = 0;
        while (!text.IsEmpty)
        {
            int plain = plusIsSpace ? text.IndexOfAny('%', '+') : text.IndexOf('%');
            if (plain < 0) plain = text.Length;
            used += Encoding.UTF8.GetBytes(text[..plain], output[used..]);
            text = text[plain..];
            if (text.IsEmpty) break;
            if (text[0] == '+')
            {
                output[used++] = (byte)' ';
                text = text[1..];
                continue;
            }
            int taken = DecodeCharacter(text, output[used..], out int written);
            used += written;
            text = text[taken..];
        }
        return used;
    }

    /// <summary>Decodes the one character whose escapes the text begins with, or leaves the percent sign.</summary>
    private static int DecodeCharacter(ReadOnlySpan<char> text, Span<byte> output, out int written)
    {
        Span<byte> bytes = stackalloc byte[4];
        int count = 0;
        while (count < bytes.Length && TryReadEscape(text[(count * 3)..], out bytes[count])) count++;
        if (count > 0 && Rune.DecodeFromUtf8(bytes[..count], out _, out int length) == System.Buffers.OperationStatus.Done)
        {
            bytes[..length].CopyTo(output);
            written = length;
            return length * 3;
        }
        output[0] = (byte)'%';
        written = 1;
        return 1;
    }

    private static bool TryReadEscape(ReadOnlySpan<char> text, out byte value)
    {
        value = 0;
        if (text.Length < 3 || text[0] != '%' || !char.IsAsciiHexDigit(text[1]) || !char.IsAsciiHexDigit(text[2])) return false;
        value = (byte)(Digit(text[1]) << 4 | Digit(text[2]));
        return true;
    }

    private static int Digit(char hex) => hex <= '9' ? hex - '0' : (hex | 0x20) - 'a' + 10;
}
