using System.Buffers;
using System.Text;
using System.Text.Json;
using NativeLambda.Http;

namespace NativeLambda.Peers;

/// <summary>As much of the HTTP API's payload format 2.0 as a handler of JSON needs.</summary>
internal static class EventJson
{
    public static HttpRequest Read(ReadOnlyMemory<byte> payload)
    {
        using JsonDocument document = JsonDocument.Parse(payload);
        JsonElement json = document.RootElement;
        var headers = new HttpHeaders();
        foreach (JsonProperty header in json.GetProperty("headers").EnumerateObject())
            headers.Add(header.Name, header.Value.GetString()!);
        return new HttpRequest
        {
            Method = json.GetProperty("requestContext").GetProperty("http").GetProperty("method").GetString()!,
            Path = json.GetProperty("rawPath").GetString()!,
            Headers = headers,
            Body = json.TryGetProperty("body", out JsonElement body) ? Encoding.UTF8.GetBytes(body.GetString()!) : default,
        };
    }

    public static void Write(HttpResponse response, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteNumber("statusCode", response.StatusCode);
        json.WriteStartObject("headers");
        foreach ((string name, string value) in response.Headers)
            json.WriteString(name, value);
        json.WriteEndObject();
        json.WriteString("body", response.Body.Span);
        json.WriteEndObject();
    }
}
