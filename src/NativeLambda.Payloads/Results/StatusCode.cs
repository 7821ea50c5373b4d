using System.Buffers.Text;
using System.Text.Json;

namespace NativeLambda.Payloads.Results;

/// <summary>Reads a status: a whole number, or its digits in a string.</summary>
internal static class StatusCode
{
    /// <summary>The status from 200 to 599 that a reader stands at; null for what is none.</summary>
    public static int? Read(in Utf8JsonReader json)
    {
        if (json.TokenType is not (JsonTokenType.Number or JsonTokenType.String)) return null;
        ReadOnlySpan<byte> digits = json.ValueSpan;
        // 1xx comes before a response and is none; what is beyond 599 has no meaning in HTTP.
        return digits.Length == 3 && Utf8Parser.TryParse(digits, out int code, out int read) && read == digits.Length && code is >= 200 and <= 599
            ? code
            : null;
    }
}
