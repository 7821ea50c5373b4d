using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text;
using NativeLambda.Json;
using NativeLambda.Runtime;

namespace NativeLambda.Telemetry;

/// <summary>
/// One line of output in UTF-8, made in a buffer that is used again and again. By hand, because .NET's JSON writer, its formats of dates
/// and of fractions are each a cost of the first line, which is part of a cold start.
/// </summary>
/// <param name="json">Whether strings are those of JSON; otherwise they are text that must not break the line.</param>
internal sealed class LogLine(bool json)
{
    private const int FirstSize = 512;
    private const int KeptSize = 16 * 1024;
    private const int LongestEscape = 12; // \uXXXX\uXXXX
    private readonly ByteBuffer _bytes = new(FirstSize, KeptSize);

    /// <summary>Whether the line is JSON.</summary>
    public bool IsJson => json;

    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    public void Clear() => _bytes.Clear();

    /// <summary>What is right as it stands, in either format.</summary>
    public void Raw(ReadOnlySpan<byte> text) => _bytes.Append(text);

    /// <summary>A whole number.</summary>
    public void Number(long value)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(value, digits, out int length);
        Raw(digits[..length]);
    }

    /// <summary>A duration in milliseconds, to the microsecond: <c>12.345</c>.</summary>
    public void Milliseconds(TimeSpan duration)
    {
        long microseconds = duration.Ticks / TimeSpan.TicksPerMicrosecond;
        if (microseconds < 0)
            Raw("-"u8);
        (long whole, long rest) = Math.DivRem(Math.Abs(microseconds), 1000);
        Number(whole);
        if (rest == 0)
            return;
        Raw("."u8);
        Digits((int)rest, 3);
    }

    /// <summary>A number with leading zeros.</summary>
    public void Digits(int value, int width)
    {
        Span<byte> digits = stackalloc byte[width];
        for (int i = width - 1; i >= 0; i--, value /= 10)
            digits[i] = (byte)('0' + (value % 10));
        Raw(digits);
    }

    /// <summary>A moment as RFC 3339 has it, in UTC, to the millisecond.</summary>
    public void Moment(DateTimeOffset moment)
    {
        DateTime utc = moment.UtcDateTime;
        Digits(utc.Year, 4);
        Raw("-"u8);
        Digits(utc.Month, 2);
        Raw("-"u8);
        Digits(utc.Day, 2);
        Raw("T"u8);
        Digits(utc.Hour, 2);
        Raw(":"u8);
        Digits(utc.Minute, 2);
        Raw(":"u8);
        Digits(utc.Second, 2);
        Raw("."u8);
        Digits(utc.Millisecond, 3);
        Raw("Z"u8);
    }

    /// <summary>A part of a string, whatever is in it.</summary>
    public void Text(ReadOnlySpan<char> text)
    {
        if (json)
            Escape(text);
        else
            Plain(text);
    }

    /// <summary>A member of the JSON record that is a string.</summary>
    public void Member(ReadOnlySpan<byte> name, ReadOnlySpan<char> value)
    {
        Name(name);
        String(value);
    }

    /// <summary>A member of the JSON record that is a string which needs no escape.</summary>
    public void Member(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Name(name);
        Raw("\""u8);
        Raw(value);
        Raw("\""u8);
    }

    /// <summary>A member of the JSON record that is a number.</summary>
    public void Member(ReadOnlySpan<byte> name, long value)
    {
        Name(name);
        Number(value);
    }

    /// <summary>A member of the JSON record that is a duration, in milliseconds.</summary>
    public void Member(ReadOnlySpan<byte> name, TimeSpan value)
    {
        Name(name);
        Milliseconds(value);
    }

    /// <summary>The name of the next member. Never the first of its object.</summary>
    public void Name(ReadOnlySpan<byte> name)
    {
        Raw(",\""u8);
        Raw(name);
        Raw("\":"u8);
    }

    /// <summary>A JSON string.</summary>
    public void String(ReadOnlySpan<char> value)
    {
        Raw("\""u8);
        Escape(value);
        Raw("\""u8);
    }

    /// <summary>
    /// As one line: a carriage return keeps the lines of a stack trace together in CloudWatch.
    /// </summary>
    private void Plain(ReadOnlySpan<char> text)
    {
        bool isFirst = true;
        foreach (ReadOnlySpan<char> part in text.EnumerateLines())
        {
            if (!isFirst)
                Raw("\r"u8);
            isFirst = false;
            Utf8(part);
        }
    }

    /// <summary>As <see cref="JsonEscaping.ForAnyReader"/> escapes: all that is not plain ASCII.</summary>
    private void Escape(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            int found = JsonEscapes.Find(MemoryMarshal.Cast<char, ushort>(text), isStrict: true);
            int plain = found < 0 ? text.Length : found;
            Utf8(text[..plain]);
            text = text[plain..];
            if (found < 0)
                return;

            // Half of a surrogate pair comes out as U+FFFD.
            Rune.DecodeFromUtf16(text, out Rune rune, out int length);
            JsonEscapes.TryWrite(rune.Value, _bytes.GetSpan(LongestEscape), isStrict: true, out int escape);
            _bytes.Advance(escape);
            text = text[length..];
        }
    }

    private void Utf8(ReadOnlySpan<char> text) =>
        _bytes.Advance(Encoding.UTF8.GetBytes(text, _bytes.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length))));
}
