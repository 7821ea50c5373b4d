using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace NativeLambda.Emulator.FrontDoor;

/// <summary>
/// Reads a function's payload as an HTTP response of payload format 2.0: an object with a <c>statusCode</c> says everything itself;
/// anything else is the body of a 200 of JSON.
/// </summary>
internal static class ResponseMapper
{
    private const string Json = "application/json";

    // They belong to the connection between the client and the front, which writes its own.
    private static readonly string[] ConnectionHeaders =
        ["connection", "content-length", "keep-alive", "proxy-authenticate", "te", "trailer", "transfer-encoding", "upgrade"];

    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>The response; <see cref="FrontResponse.BadGateway"/> for a payload that cannot be one.</summary>
    public static FrontResponse Map(ReadOnlyMemory<byte> payload)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(payload);
            JsonElement root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("statusCode", out JsonElement status))
                return MapObject(root, status) ?? FrontResponse.BadGateway;
            ReadOnlyMemory<byte> body = root.ValueKind == JsonValueKind.String ? Encoding.UTF8.GetBytes(root.GetString()!) : payload;
            return new FrontResponse(200, [new("content-type", Json)], [], body);
        }
        catch (JsonException)
        {
            return FrontResponse.BadGateway;
        }
    }

    private static FrontResponse? MapObject(JsonElement root, JsonElement status)
    {
        if (ReadStatus(status) is not { } statusCode || !TryReadHeaders(root, out List<KeyValuePair<string, string>> headers)) return null;
        if (!TryReadCookies(root, out List<string> cookies) || ReadBody(root) is not { } body) return null;
        if (!headers.Exists(static header => header.Key == "content-type")) headers.Add(new("content-type", Json));
        return new FrontResponse(statusCode, headers, cookies, body);
    }

    private static int? ReadStatus(JsonElement status)
    {
        int code = 0;
        bool isNumber = status.ValueKind switch
        {
            JsonValueKind.Number => status.TryGetInt32(out code),
            JsonValueKind.String => int.TryParse(status.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out code),
            _ => false,
        };
        return isNumber && code is >= 200 and <= 599 ? code : null;
    }

    private static bool TryReadHeaders(JsonElement root, out List<KeyValuePair<string, string>> headers)
    {
        headers = [];
        if (!root.TryGetProperty("headers", out JsonElement element) || element.ValueKind == JsonValueKind.Null) return true;
        if (element.ValueKind != JsonValueKind.Object) return false;
        foreach (JsonProperty member in element.EnumerateObject())
        {
            string name = member.Name.ToLowerInvariant();
            if (ConnectionHeaders.Contains(name)) continue;
            string value = member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString()! : member.Value.GetRawText();
            if (name.Length == 0 || name.AsSpan().ContainsAnyExcept(TokenCharacters) || !IsHeaderValue(value)) return false;
            headers.Add(new(name, value));
        }
        return true;
    }

    private static bool TryReadCookies(JsonElement root, out List<string> cookies)
    {
        cookies = [];
        if (!root.TryGetProperty("cookies", out JsonElement element) || element.ValueKind == JsonValueKind.Null) return true;
        if (element.ValueKind != JsonValueKind.Array) return false;
        foreach (JsonElement item in element.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.String || !IsHeaderValue(item.GetString()!)) return false;
            cookies.Add(item.GetString()!);
        }
        return true;
    }

    private static byte[]? ReadBody(JsonElement root)
    {
        if (!root.TryGetProperty("body", out JsonElement body) || body.ValueKind == JsonValueKind.Null) return [];
        if (body.ValueKind != JsonValueKind.String) return Encoding.UTF8.GetBytes(body.GetRawText());
        if (!root.TryGetProperty("isBase64Encoded", out JsonElement encoded) || encoded.ValueKind != JsonValueKind.True)
            return Encoding.UTF8.GetBytes(body.GetString()!);
        return body.TryGetBytesFromBase64(out byte[]? bytes) ? bytes : null;
    }

    // A line feed in a value would begin a header, or a response, that the function's author never wrote.
    private static bool IsHeaderValue(string value) => value.All(static character => character is '\t' or >= ' ' and <= '~');
}
