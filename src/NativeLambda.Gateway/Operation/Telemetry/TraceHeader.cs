using System.Buffers;
using System.Diagnostics;
using System.Globalization;

namespace NativeLambda.Gateway.Operation.Telemetry;

/// <summary>
/// What a request says of the trace that it belongs to, in the words of W3C (<c>traceparent</c>) and of X-Ray (<c>X-Amzn-Trace-Id</c>).
/// The two write the same 128 bits in different ways. Sources:
/// <see href="https://www.w3.org/TR/trace-context/">W3C Trace Context</see>;
/// <see href="https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader">X-Ray, Tracing header</see>;
/// <see href="https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html">X-Ray, trace IDs, also of W3C's format</see>.
/// </summary>
internal static class TraceHeader
{
    public const string Name = "X-Amzn-Trace-Id";

    /// <summary>What is longer than any that AWS makes is none.</summary>
    private const int MaxLength = 512;

    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789=;:-|.");

    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdef");

    /// <summary>Reads a <c>traceparent</c>.</summary>
    public static bool TryParseW3C(string? text, out ActivityContext context)
    {
        context = default;
        // Later versions may have more behind what the first has; ff is none.
        if (text is not { Length: >= 55 } || text.StartsWith("ff", StringComparison.Ordinal) || (text.Length > 55 && (text[55] != '-' || text.StartsWith("00", StringComparison.Ordinal)))) return false;
        return ActivityContext.TryParse(text.Length == 55 ? text : $"00{text[2..55]}", null, isRemote: true, out context);
    }

    /// <summary>Reads an <c>X-Amzn-Trace-Id</c>: the trace, and its parent where it is named.</summary>
    /// <returns>Whether it is one and may be handed on as it is.</returns>
    public static bool TryParse(string? text, out ActivityTraceId trace, out ActivitySpanId parent, out bool? sampled)
    {
        (trace, parent, sampled) = (default, default, null);
        if (text is null || text.Length > MaxLength || text.AsSpan().ContainsAnyExcept(Allowed)) return false;
        bool found = false;
        Span<char> id = stackalloc char[32];
        foreach (Range range in text.AsSpan().Split(';'))
        {
            ReadOnlySpan<char> part = text.AsSpan(range);
            if (part.StartsWith("Root=1-") && part.Length == 40 && part[15] == '-')
            {
                part[7..15].CopyTo(id);
                part[16..].CopyTo(id[8..]);
                if (!IsHex(id)) return false;
                trace = ActivityTraceId.CreateFromString(id);
                found = true;
            }
            else if (part.StartsWith("Parent=") && part.Length == 23 && IsHex(part[7..])) parent = ActivitySpanId.CreateFromString(part[7..]);
            else if (part is "Sampled=1") sampled = true;
            else if (part is "Sampled=0") sampled = false;
        }
        return found;
    }

    /// <summary>A trace of W3C's in the words of X-Ray.</summary>
    public static string Write(ActivityTraceId trace, ActivitySpanId parent, bool sampled)
    {
        string id = trace.ToHexString();
        return $"Root=1-{id.AsSpan(0, 8)}-{id.AsSpan(8)};Parent={parent.ToHexString()};Sampled={(sampled ? '1' : '0')}";
    }

    /// <summary>A trace that begins here and whose sampling is left to Lambda: its first half begins with the time, as X-Ray wants it.</summary>
    public static string Begin(DateTimeOffset now, out string id)
    {
        Span<byte> random = stackalloc byte[12];
        Random.Shared.NextBytes(random);
        Span<char> text = stackalloc char[40];
        "Root=1-".CopyTo(text);
        ((uint)now.ToUnixTimeSeconds()).TryFormat(text[7..], out _, "x8", CultureInfo.InvariantCulture);
        text[15] = '-';
        Convert.TryToHexStringLower(random, text[16..], out _);
        id = string.Concat(text[7..15], text[16..]);
        return new string(text);
    }

    /// <summary>A header with another parent; what else it says stays.</summary>
    public static string WithParent(string header, ActivitySpanId parent, bool sampled) => string.Join(';',
        header.Split(';').Where(static part => !part.StartsWith("Parent=", StringComparison.Ordinal) && !part.StartsWith("Sampled=", StringComparison.Ordinal))
            .Append($"Parent={parent.ToHexString()}").Append(sampled ? "Sampled=1" : "Sampled=0"));

    private static bool IsHex(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(Hex);
}
