using System.Text.Json;

namespace NativeLambda.Payloads.Results;

/// <summary>Where a result's body stands; it is decoded at the end, when it is known how.</summary>
internal readonly struct ResultBody
{
    private readonly int _start;
    private readonly int _length;
    private readonly bool _isEscaped;

    private ResultBody(in Utf8JsonReader json)
    {
        IsNull = json.TokenType is JsonTokenType.Null or JsonTokenType.None;
        IsString = json.TokenType == JsonTokenType.String;
        if (!IsString) return;
        _start = (int)json.TokenStartIndex + 1;
        _length = json.ValueSpan.Length;
        _isEscaped = json.ValueIsEscaped;
    }

    /// <summary>The value that a reader stands at.</summary>
    public static ResultBody Of(in Utf8JsonReader json) => new(json);

    public bool IsString { get; }

    public bool IsNull { get; }

    /// <summary>The bytes of the string; of an unescaped one they are the payload's own.</summary>
    public ReadOnlyMemory<byte> Text(ReadOnlyMemory<byte> payload)
    {
        ReadOnlyMemory<byte> text = payload.Slice(_start, _length);
        if (!_isEscaped) return text;
        byte[] unescaped = new byte[_length];
        return unescaped.AsMemory(0, JsonText.Unescape(text.Span, unescaped));
    }

    /// <summary>The body; null for what was to be base64 and is not.</summary>
    public ReadOnlyMemory<byte>? Decode(ReadOnlyMemory<byte> payload, bool isBase64)
    {
        if (!IsString) return ReadOnlyMemory<byte>.Empty;
        if (!isBase64) return Text(payload);
        byte[]? bytes = JsonText.DecodeBase64(payload.Span.Slice(_start, _length), _isEscaped);
        return bytes is null ? (ReadOnlyMemory<byte>?)null : bytes; // a bare null would become empty memory
    }
}
