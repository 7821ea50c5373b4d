using System.Buffers;
using System.Text.Json;
using NativeLambda.Payloads;

namespace NativeLambda.Gateway.Tests.Payloads;

/// <summary>Requests to begin with, and their events.</summary>
internal static class Requests
{
    public static ProxyRequest Get { get; } = new()
    {
        Method = "GET",
        RawPath = "/",
        RawQuery = "",
        Protocol = "HTTP/1.1",
        Headers = [],
        Body = default,
        SourceIp = "192.0.2.1",
        Host = "api.example.com",
        RequestId = "id",
        Time = new DateTimeOffset(2026, 3, 12, 19, 3, 58, TimeSpan.Zero),
    };

    public static byte[] Write(ProxyRequest request, PayloadFormat format)
    {
        var output = new ArrayBufferWriter<byte>();
        ProxyEvent.Write(request, format, output);
        return output.WrittenSpan.ToArray();
    }

    public static JsonElement Event(ProxyRequest request, PayloadFormat format = PayloadFormat.Version2) =>
        JsonSerializer.Deserialize<JsonElement>(Write(request, format));
}
