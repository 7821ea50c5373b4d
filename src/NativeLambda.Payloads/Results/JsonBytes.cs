using System.Text.Json;

namespace NativeLambda.Payloads.Results;

/// <summary>Hands over the text of a short token, its escapes resolved.</summary>
internal static class JsonBytes
{
    private const int Short = 512;

    /// <summary>Reads the text that a reader stands at.</summary>
    public static T Read<T>(in Utf8JsonReader json, Func<ReadOnlySpan<byte>, T> read)
    {
        ReadOnlySpan<byte> text = json.ValueSpan;
        if (!json.ValueIsEscaped) return read(text);
        Span<byte> unescaped = text.Length <= Short ? stackalloc byte[Short] : new byte[text.Length];
        return read(unescaped[..JsonText.Unescape(text, unescaped)]);
    }
}
