namespace NativeLambda.Runtime.Http1;

/// <summary>The lines of a response and what they are made of: RFC 9110 section 5, RFC 9112 sections 4, 5 and 7.1.</summary>
internal static class Http1Syntax
{
    // The token characters !#$%&'*+-.^_`|~, digits and letters, a bit each: below 64, and from there to 127.
    private const ulong LowTokens = 0x03FF6CFA00000000;
    private const ulong HighTokens = 0x57FFFFFFC7FFFFFE;

    /// <summary>A field name: one or more token characters.</summary>
    public static bool IsToken(ReadOnlySpan<byte> text)
    {
        foreach (byte character in text)
        {
            bool allowed = character < 128 && ((character < 64 ? LowTokens >> character : HighTokens >> (character - 64)) & 1) != 0;
            if (!allowed)
                return false;
        }

        return !text.IsEmpty;
    }

    /// <summary>
    /// A field value, a reason phrase or a chunk extension: no control character but the tab. CR and LF are among the refused.
    /// </summary>
    public static bool IsText(ReadOnlySpan<byte> text)
    {
        foreach (byte character in text)
        {
            if (character is (< 0x20 and not (byte)'\t') or 0x7F)
                return false;
        }

        return true;
    }

    /// <summary>The text without the optional whitespace (space, tab) around it.</summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => text.Trim(" \t"u8);

    /// <summary>Takes the next element off a comma-separated list; false at its end.</summary>
    public static bool NextElement(ref ReadOnlySpan<byte> list, ref bool ended, out ReadOnlySpan<byte> element)
    {
        element = default;
        if (ended)
            return false;
        int comma = list.IndexOf((byte)',');
        ended = comma < 0;
        element = Trim(ended ? list : list[..comma]);
        list = ended ? default : list[(comma + 1)..];
        return true;
    }

    /// <summary>The value of a hexadecimal digit, or -1.</summary>
    public static int HexDigit(byte character) => character switch
    {
        >= (byte)'0' and <= (byte)'9' => character - '0',
        >= (byte)'a' and <= (byte)'f' => character - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => character - 'A' + 10,
        _ => -1,
    };

    /// <summary><c>HTTP/1.1 200 OK</c>; a missing reason is forgiven together with its space, as servers leave out both.</summary>
    public static Http1Error ReadStatusLine(ReadOnlySpan<byte> line, out int status, out int minorVersion)
    {
        const int VersionEnd = 8;
        const int StatusEnd = 12;
        status = 0;
        minorVersion = 0;
        if (line.Length < StatusEnd || !IsDigit(line[5]) || line[6] != '.' || !IsDigit(line[7]) || line[VersionEnd] != ' ')
            return Http1Error.BadStatusLine;
        if (line[5] != '1')
            return Http1Error.UnsupportedVersion;
        minorVersion = line[7] - '0';
        foreach (byte digit in line[(VersionEnd + 1)..StatusEnd])
        {
            if (!IsDigit(digit))
                return Http1Error.BadStatus;
            status = (status * 10) + (digit - '0');
        }

        if (status is < 100 or > 599)
            return Http1Error.BadStatus;
        ReadOnlySpan<byte> reason = line[StatusEnd..];
        return reason.IsEmpty || (reason[0] == ' ' && IsText(reason)) ? Http1Error.None : Http1Error.BadStatusLine;
    }

    /// <summary><c>Name: value</c>, the value without the whitespace around it. The line must not be empty.</summary>
    public static Http1Error ReadField(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        int colon = line.IndexOf((byte)':');
        name = colon < 0 ? default : line[..colon];
        value = Trim(line[(colon + 1)..]);
        if (line[0] is (byte)' ' or (byte)'\t')
            return Http1Error.FoldedField;
        if (!IsToken(name))
            return Http1Error.BadFieldName;
        return IsText(value) ? Http1Error.None : Http1Error.BadFieldValue;
    }

    /// <summary><c>1f;name=value</c>: hexadecimal digits, then the end of the line or extensions, which are passed over.</summary>
    public static Http1Error ReadChunkSize(ReadOnlySpan<byte> line, int max, out int size)
    {
        long value = 0;
        int digits = 0;
        size = 0;
        for (; digits < line.Length && HexDigit(line[digits]) is var digit and >= 0; digits++)
        {
            value = (value * 16) + digit;
            if (value > max)
                return Http1Error.BodyTooLarge;
        }

        ReadOnlySpan<byte> rest = line[digits..];
        if (digits == 0 || !(rest.IsEmpty || Trim(rest) is [(byte)';', ..]) || !IsText(rest))
            return Http1Error.BadChunk;
        size = (int)value;
        return Http1Error.None;
    }

    private static bool IsDigit(byte character) => character is >= (byte)'0' and <= (byte)'9';
}
