using System.Buffers.Text;
using System.Text;

namespace NativeLambda.Gateway.Lambda.Http1;

/// <summary>The head of a response of HTTP/1.1: what of it the client needs. Anything that could be read in two ways is an error.</summary>
/// <remarks>Source: <see href="https://www.rfc-editor.org/rfc/rfc9112">RFC 9112</see>, sections 4 to 6 and 9.3.</remarks>
internal struct ResponseHead
{
    private const int LengthOfStatusLine = 12; // HTTP/1.1 200

    private bool _hasLength;

    public int Status { get; private set; }

    /// <summary>The length of the body; -1 when the head does not say.</summary>
    public long ContentLength { get; private set; }

    public bool IsChunked { get; private set; }

    /// <summary>Whether the connection can take another request.</summary>
    public bool KeepsAlive { get; private set; }

    public string? RequestId { get; private set; }

    public string? FunctionError { get; private set; }

    public string? ErrorType { get; private set; }

    public string? RetryAfter { get; private set; }

    /// <summary>Reads a head without the empty line behind it.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static ResponseHead Parse(ReadOnlySpan<byte> bytes)
    {
        var head = new ResponseHead { ContentLength = -1 };
        int end = bytes.IndexOf("\r\n"u8);
        head.ReadStatus(end < 0 ? bytes : bytes[..end]);
        ReadOnlySpan<byte> rest = end < 0 ? [] : bytes[(end + 2)..];
        while (rest.Length > 0)
        {
            end = rest.IndexOf("\r\n"u8);
            head.ReadHeader(end < 0 ? rest : rest[..end]);
            rest = end < 0 ? [] : rest[(end + 2)..];
        }
        if (head.IsChunked && head._hasLength) throw new FormatException("a head has a length and chunks");
        return head;
    }

    private void ReadStatus(ReadOnlySpan<byte> line)
    {
        if (line.Length < LengthOfStatusLine || !line.StartsWith("HTTP/1."u8) || line[7] is not ((byte)'0' or (byte)'1') || line[8] != ' '
            || !Utf8Parser.TryParse(line.Slice(9, 3), out int status, out int digits) || digits != 3 || status < 100
            || (line.Length > LengthOfStatusLine && line[LengthOfStatusLine] != ' '))
            throw new FormatException("a first line is none of HTTP/1.1");
        Status = status;
        KeepsAlive = line[7] == '1';
    }

    private void ReadHeader(ReadOnlySpan<byte> line)
    {
        int colon = line.IndexOf((byte)':');
        if (colon <= 0 || line[0] is (byte)' ' or (byte)'\t' || line[colon - 1] is (byte)' ' or (byte)'\t' || line.IndexOfAny((byte)'\r', (byte)'\n', (byte)0) >= 0)
            throw new FormatException("a header is malformed");
        ReadOnlySpan<byte> name = line[..colon], value = line[(colon + 1)..].Trim(" \t"u8);
        switch (colon)
        {
            case 10 when Is(name, "connection"u8):
                if (HasToken(value, "close"u8)) KeepsAlive = false;
                break;
            case 11 when Is(name, "retry-after"u8):
                RetryAfter = Text(value);
                break;
            case 14 when Is(name, "content-length"u8):
                ReadLength(value);
                break;
            case 16 when Is(name, "x-amzn-requestid"u8):
                RequestId = Text(value);
                break;
            case 16 when Is(name, "x-amzn-errortype"u8):
                ErrorType = Text(value);
                break;
            case 17 when Is(name, "transfer-encoding"u8):
                if (IsChunked || !Is(value, "chunked"u8)) throw new FormatException("a transfer coding is unknown");
                IsChunked = true;
                break;
            case 20 when Is(name, "x-amz-function-error"u8):
                FunctionError = Text(value);
                break;
        }
    }

    private void ReadLength(ReadOnlySpan<byte> value)
    {
        if (value.Length is 0 or > 18 || value.IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0 || !Utf8Parser.TryParse(value, out long length, out _)
            || (_hasLength && length != ContentLength))
            throw new FormatException("a length is none, or there are two");
        _hasLength = true;
        ContentLength = length;
    }

    private static bool Is(ReadOnlySpan<byte> value, ReadOnlySpan<byte> lower) => Ascii.EqualsIgnoreCase(value, lower);

    private static bool HasToken(ReadOnlySpan<byte> value, ReadOnlySpan<byte> token)
    {
        foreach (Range part in value.Split((byte)','))
        {
            if (Is(value[part].Trim(" \t"u8), token)) return true;
        }
        return false;
    }

    private static string Text(ReadOnlySpan<byte> value) => Encoding.Latin1.GetString(value);
}
