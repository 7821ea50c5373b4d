using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace NativeLambda.Emulator.FrontDoor;

/// <summary>Writes an HTTP request as an event of the HTTP API's payload format 2.0, which function URLs use, too.</summary>
/// <remarks>
/// Source: <see href="https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads">Lambda, function URL payloads</see>.
/// </remarks>
internal static class HttpEvent
{
    /// <summary>A function URL without authentication has no account to name.</summary>
    private const string AccountId = "anonymous";

    public static byte[] Write(FrontRequest request)
    {
        var buffer = new ArrayBufferWriter<byte>(1024 + request.Body.Length);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("version", "2.0");
            json.WriteString("routeKey", "$default");
            json.WriteString("rawPath", request.RawPath);
            json.WriteString("rawQueryString", request.RawQuery);
            WriteCookies(json, request);
            WriteMembers(json, "headers", Headers(request));
            WriteMembers(json, "queryStringParameters", QueryParameters(request.RawQuery));
            WriteContext(json, request);
            WriteBody(json, request);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Names in lower case; values of one name joined by commas; cookies stand in a member of their own.</summary>
    internal static Dictionary<string, string> Headers(FrontRequest request)
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string name, string value) in request.Headers)
        {
            string lower = name.ToLowerInvariant();
            if (lower != "cookie") headers[lower] = headers.TryGetValue(lower, out string? present) ? $"{present},{value}" : value;
        }
        headers.TryAdd("x-forwarded-for", request.SourceIp);
        headers.TryAdd("x-forwarded-proto", "http");
        if (request.Host.LastIndexOf(':') is >= 0 and var colon) headers.TryAdd("x-forwarded-port", request.Host[(colon + 1)..]);
        return headers;
    }

    /// <summary>Names and values decoded; values of one name joined by commas.</summary>
    internal static Dictionary<string, string> QueryParameters(string rawQuery)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string pair in rawQuery.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] halves = pair.Split('=', 2);
            string name = Decode(halves[0]);
            string value = halves.Length == 2 ? Decode(halves[1]) : "";
            parameters[name] = parameters.TryGetValue(name, out string? present) ? $"{present},{value}" : value;
        }
        return parameters;
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    private static void WriteCookies(Utf8JsonWriter json, FrontRequest request)
    {
        string[] cookies =
        [
            .. request.Headers.Where(static header => header.Key.Equals("cookie", StringComparison.OrdinalIgnoreCase))
                .SelectMany(static header => header.Value.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)),
        ];
        if (cookies.Length == 0) return;
        json.WriteStartArray("cookies");
        foreach (string cookie in cookies) json.WriteStringValue(cookie);
        json.WriteEndArray();
    }

    private static void WriteMembers(Utf8JsonWriter json, string name, Dictionary<string, string> members)
    {
        if (members.Count == 0) return;
        json.WriteStartObject(name);
        foreach ((string key, string value) in members) json.WriteString(key, value);
        json.WriteEndObject();
    }

    private static void WriteContext(Utf8JsonWriter json, FrontRequest request)
    {
        string domain = request.Host.Split(':')[0];
        string userAgent = request.Headers.FirstOrDefault(static header => header.Key.Equals("user-agent", StringComparison.OrdinalIgnoreCase)).Value ?? "";
        json.WriteStartObject("requestContext");
        json.WriteString("accountId", AccountId);
        json.WriteString("apiId", domain.Split('.')[0]);
        json.WriteString("domainName", domain);
        json.WriteString("domainPrefix", domain.Split('.')[0]);
        json.WriteStartObject("http");
        json.WriteString("method", request.Method);
        json.WriteString("path", request.RawPath);
        json.WriteString("protocol", request.Protocol);
        json.WriteString("sourceIp", request.SourceIp);
        json.WriteString("userAgent", userAgent);
        json.WriteEndObject();
        json.WriteString("requestId", request.RequestId);
        json.WriteString("routeKey", "$default");
        json.WriteString("stage", "$default");
        json.WriteString("time", request.Time.ToString("dd/MMM/yyyy:HH:mm:ss +0000", CultureInfo.InvariantCulture));
        json.WriteNumber("timeEpoch", request.Time.ToUnixTimeMilliseconds());
        json.WriteEndObject();
    }

    private static void WriteBody(Utf8JsonWriter json, FrontRequest request)
    {
        bool encode = request.Body.Length > 0 && !IsText(request);
        if (encode) json.WriteBase64String("body", request.Body.Span);
        else if (request.Body.Length > 0) json.WriteString("body", request.Body.Span);
        json.WriteBoolean("isBase64Encoded", encode);
    }

    private static bool IsText(FrontRequest request)
    {
        string type = "";
        foreach ((string name, string value) in request.Headers)
        {
            if (name.Equals("content-encoding", StringComparison.OrdinalIgnoreCase) && value != "identity") return false;
            if (name.Equals("content-type", StringComparison.OrdinalIgnoreCase)) type = value.Split(';')[0].Trim().ToLowerInvariant();
        }
        bool text = type.StartsWith("text/", StringComparison.Ordinal)
            || type is "application/json" or "application/xml" or "application/javascript" or "application/x-www-form-urlencoded"
            || type.EndsWith("+json", StringComparison.Ordinal)
            || type.EndsWith("+xml", StringComparison.Ordinal);
        return text && IsUtf8(request.Body.Span); // what is not UTF-8 would not come through a JSON string unchanged
    }

    private static bool IsUtf8(ReadOnlySpan<byte> body) => System.Text.Unicode.Utf8.IsValid(body);
}
