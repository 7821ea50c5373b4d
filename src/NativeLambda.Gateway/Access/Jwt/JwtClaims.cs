using System.Globalization;
using System.Text;
using System.Text.Json;

namespace NativeLambda.Gateway.Access.Jwt;

/// <summary>The claims of a token whose signature was checked.</summary>
internal static class JwtClaims
{
    /// <summary>What is wrong with them; null when nothing is.</summary>
    /// <param name="claims">The claims.</param>
    /// <param name="options">What they must be.</param>
    /// <param name="now">The time.</param>
    public static string? Check(JsonElement claims, JwtAuthorizerOptions options, DateTimeOffset now)
    {
        double seconds = now.ToUnixTimeMilliseconds() / 1000d, skew = options.ClockSkew.TotalSeconds;
        if (!TryReadTime(claims, "exp", out double? expires) || expires is null) return "the token has no valid expiry";
        if (expires <= seconds - skew) return "the token has expired";
        if (!TryReadTime(claims, "nbf", out double? notBefore) || notBefore > seconds + skew) return "the token is not valid yet";
        if (!TryReadTime(claims, "iat", out double? issuedAt) || issuedAt > seconds + skew) return "the token was issued in the future";
        // client_id only where there is no aud.
        IEnumerable<string> audiences = claims.TryGetProperty("aud", out JsonElement aud) ? Strings(aud)
            : claims.TryGetProperty("client_id", out JsonElement client) ? Strings(client) : [];
        return audiences.Any(options.Audiences.Contains) ? null : "the token does not have a valid audience";
    }

    /// <summary>Whether they hold one of some scopes, in <c>scope</c> or <c>scp</c>.</summary>
    public static bool HasScope(JsonElement claims, IReadOnlyList<string> scopes)
    {
        foreach (string name in (ReadOnlySpan<string>)["scope", "scp"])
            if (claims.TryGetProperty(name, out JsonElement value) && Strings(value).SelectMany(static text => text.Split(' ')).Any(scopes.Contains))
                return true;
        return false;
    }

    /// <summary>Them as an event has them: all are texts, arrays and objects as API Gateway, which is written in Go, prints them.</summary>
    public static Dictionary<string, string> ToTexts(JsonElement claims)
    {
        var texts = new Dictionary<string, string>();
        foreach (JsonProperty claim in claims.EnumerateObject()) texts[claim.Name] = Text(claim.Value);
        return texts;
    }

    private static string Text(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String: return value.GetString()!;
            case JsonValueKind.Array: return $"[{string.Join(' ', value.EnumerateArray().Select(Text))}]";
            case JsonValueKind.Object:
                var text = new StringBuilder("map[");
                foreach (JsonProperty member in value.EnumerateObject().OrderBy(static member => member.Name, StringComparer.Ordinal))
                    text.Append(CultureInfo.InvariantCulture, $"{(text.Length > 4 ? " " : "")}{member.Name}:{Text(member.Value)}");
                return text.Append(']').ToString();
            case JsonValueKind.Null: return "<nil>";
            default: return value.GetRawText();
        }
    }

    /// <returns>False when it is there and is no time.</returns>
    private static bool TryReadTime(JsonElement claims, string name, out double? time)
    {
        time = null;
        if (!claims.TryGetProperty(name, out JsonElement value)) return true;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out double seconds) || !double.IsFinite(seconds)) return false;
        time = seconds;
        return true;
    }

    private static IEnumerable<string> Strings(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => [value.GetString()!],
        JsonValueKind.Array => value.EnumerateArray().Where(static item => item.ValueKind == JsonValueKind.String).Select(static item => item.GetString()!),
        _ => [],
    };
}
