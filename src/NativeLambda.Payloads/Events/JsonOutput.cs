using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace NativeLambda.Payloads.Events;

/// <summary>
/// Writes JSON as UTF-8 straight into a buffer. The caller writes the punctuation, mostly in one literal with the names; what comes from a
/// request goes through here and is escaped. Only what JSON forbids is escaped: an event is read by parsers, never by a browser.
/// </summary>
/// <param name="output">Gets the text.</param>
internal ref struct JsonOutput(IBufferWriter<byte> output)
{
    // Characters are taken in pieces of this many, so that no single request for space is large.
    private const int Piece = 4096;

    private static readonly SearchValues<char> EscapedCharacters = SearchValues.Create(EscapedText());
    private static readonly SearchValues<byte> EscapedBytes = SearchValues.Create([.. EscapedText().Select(static character => (byte)character)]);

    private Span<byte> _space;
    private int _used;

    /// <summary>Writes JSON that is right as it stands.</summary>
    public void Raw(scoped ReadOnlySpan<byte> json)
    {
        json.CopyTo(Reserve(json.Length));
        _used += json.Length;
    }

    /// <summary>Writes a string with its quotation marks.</summary>
    public void Text(scoped ReadOnlySpan<char> text)
    {
        Raw("\""u8);
        Part(text);
        Raw("\""u8);
    }

    /// <summary>Writes a part of a string. Half of a surrogate pair, which no UTF-8 can hold, becomes U+FFFD.</summary>
    public void Part(scoped ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            int plain = text[..Math.Min(text.Length, Piece)].IndexOfAny(EscapedCharacters);
            if (plain == 0)
            {
                Escape((byte)text[0]);
                text = text[1..];
                continue;
            }
            if (plain < 0) plain = WholeCharacters(text);
            int written = Encoding.UTF8.GetBytes(text[..plain], Reserve(plain * 3)); // not into "_used +=", which Reserve resets
            _used += written;
            text = text[plain..];
        }
    }

    /// <summary>Writes a part of a string.</summary>
    /// <param name="text">Valid UTF-8.</param>
    public void Utf8Part(scoped ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            int plain = text.IndexOfAny(EscapedBytes);
            if (plain == 0)
            {
                Escape(text[0]);
                text = text[1..];
                continue;
            }
            if (plain < 0) plain = text.Length;
            Raw(text[..plain]);
            text = text[plain..];
        }
    }

    /// <summary>Writes a string of base64 with its quotation marks.</summary>
    public void Base64Text(scoped ReadOnlySpan<byte> bytes)
    {
        Raw("\""u8);
        Base64.EncodeToUtf8(bytes, Reserve(Base64.GetMaxEncodedToUtf8Length(bytes.Length)), out _, out int written);
        _used += written;
        Raw("\""u8);
    }

    public void Number(long number)
    {
        number.TryFormat(Reserve(20), out int written, provider: System.Globalization.CultureInfo.InvariantCulture);
        _used += written;
    }

    /// <summary>Hands over what was written.</summary>
    public void Flush()
    {
        if (_used > 0) output.Advance(_used);
        _space = default;
        _used = 0;
    }

    private Span<byte> Reserve(int length)
    {
        if (_space.Length - _used < length)
        {
            Flush();
            _space = output.GetSpan(length);
        }
        return _space[_used..];
    }

    private void Escape(byte character)
    {
        switch (character)
        {
            case (byte)'"':
                Raw("\\\""u8);
                break;
            case (byte)'\\':
                Raw("\\\\"u8);
                break;
            case (byte)'\n':
                Raw("\\n"u8);
                break;
            case (byte)'\r':
                Raw("\\r"u8);
                break;
            case (byte)'\t':
                Raw("\\t"u8);
                break;
            default:
                Raw("\\u00"u8);
                Raw([Digit(character >> 4), Digit(character & 15)]);
                break;
        }
    }

    private static byte Digit(int value) => (byte)(value < 10 ? '0' + value : 'a' + value - 10);

    // A piece must not end in the middle of a surrogate pair.
    private static int WholeCharacters(ReadOnlySpan<char> text)
    {
        if (text.Length <= Piece) return text.Length;
        return char.IsHighSurrogate(text[Piece - 1]) ? Piece - 1 : Piece;
    }

    private static string EscapedText() => "\"\\" + string.Concat(Enumerable.Range(0, ' ').Select(static code => (char)code));
}
