using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace NativeLambda.Trials.Storm;

/// <summary>One request of a wave: every other one reads a product, the others move one by a quantity that no other request has.</summary>
/// <param name="Wave">The wave, from 1.</param>
/// <param name="Number">The number of the request in the storm, from 1: its quantity, by which its row is recognised.</param>
internal sealed record StormRequest(int Wave, int Number)
{
    /// <summary>How many products there are: few enough to meet on them, enough not to queue for one row.</summary>
    public const int Products = 20;

    public bool IsWrite => Number % 2 == 0;

    private string Path => string.Create(
        CultureInfo.InvariantCulture, $"/products/{ProductId(Number % Products)}{(IsWrite ? "/movements" : "")}");

    public static string ProductId(int index) => string.Create(CultureInfo.InvariantCulture, $"p{index}");

    /// <summary>The event of the HTTP API's payload format 2.0.</summary>
    public byte[] ToEvent()
    {
        string method = IsWrite ? "POST" : "GET";
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("version", "2.0");
            json.WriteString("routeKey", "$default");
            json.WriteString("rawPath", Path);
            json.WriteString("rawQueryString", "");
            json.WriteStartObject("headers");
            json.WriteString("content-type", "application/json");
            if (IsWrite)
                json.WriteString("idempotency-key", string.Create(CultureInfo.InvariantCulture, $"storm-{Number}"));
            json.WriteEndObject();
            json.WriteStartObject("requestContext");
            json.WriteStartObject("http");
            json.WriteString("method", method);
            json.WriteString("path", Path);
            json.WriteString("protocol", "HTTP/1.1");
            json.WriteString("sourceIp", "127.0.0.1");
            json.WriteString("userAgent", "storm");
            json.WriteEndObject();
            json.WriteString("requestId", string.Create(CultureInfo.InvariantCulture, $"storm-{Number}"));
            json.WriteString("routeKey", "$default");
            json.WriteString("stage", "$default");
            json.WriteEndObject();
            if (IsWrite)
                json.WriteString("body", string.Create(CultureInfo.InvariantCulture, $"{{\"quantity\":{Number}}}"));
            json.WriteBoolean("isBase64Encoded", false);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
