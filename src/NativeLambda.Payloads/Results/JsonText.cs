using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace NativeLambda.Payloads.Results;

/// <summary>The text of JSON strings, whose syntax a reader has checked already.</summary>
internal static class JsonText
{
    /// <summary>
    /// Resolves escapes. Half of a surrogate pair, which JavaScript may write and UTF-8 cannot hold, becomes U+FFFD.
    /// </summary>
    /// <param name="text">What stands between the quotation marks.</param>
    /// <param name="output">Space for as many bytes.</param>
    /// <returns>How many bytes there are: never more than there were.</returns>
    public static int Unescape(ReadOnlySpan<byte> text, Span<byte> output)
    {
        int used = 0;
        while (!text.IsEmpty)
        {
            int plain = text.IndexOf((byte)'\\');
            if (plain < 0) plain = text.Length;
            text[..plain].CopyTo(output[used..]);
            used += plain;
            text = text[plain..];
            if (text.IsEmpty) break;
            if (text[1] != 'u')
            {
                output[used++] = Resolve(text[1]);
                text = text[2..];
                continue;
            }
            text = text[ReadRune(text, out Rune rune)..];
            used += rune.EncodeToUtf8(output[used..]);
        }
        return used;
    }

    /// <summary>Decodes base64, straight from the text unless it is escaped; null for what is none.</summary>
    public static byte[]? DecodeBase64(ReadOnlySpan<byte> text, bool isEscaped)
    {
        if (isEscaped)
        {
            byte[] unescaped = new byte[text.Length];
            text = unescaped.AsSpan(0, Unescape(text, unescaped));
        }
        if (!Base64.IsValid(text, out int length)) return null;
        byte[] bytes = new byte[length];
        return Base64.DecodeFromUtf8(text, bytes, out _, out int written) == System.Buffers.OperationStatus.Done && written == length ? bytes : null;
    }

    private static int ReadRune(ReadOnlySpan<byte> text, out Rune rune)
    {
        const int EscapeLength = 6;
        char first = ReadUnit(text);
        if (Rune.TryCreate(first, out rune)) return EscapeLength;
        if (text.Length >= 2 * EscapeLength && text[EscapeLength] == '\\' && text[EscapeLength + 1] == 'u'
            && Rune.TryCreate(first, ReadUnit(text[EscapeLength..]), out rune))
            return 2 * EscapeLength;
        rune = Rune.ReplacementChar;
        return EscapeLength;
    }

    private static char ReadUnit(ReadOnlySpan<byte> escape) =>
        (char)ushort.Parse(escape[2..6], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static byte Resolve(byte escaped) => escaped switch
    {
        (byte)'b' => (byte)'\b',
        (byte)'f' => (byte)'\f',
        (byte)'n' => (byte)'\n',
        (byte)'r' => (byte)'\r',
        (byte)'t' => (byte)'\t',
        _ => escaped,
    };
}
