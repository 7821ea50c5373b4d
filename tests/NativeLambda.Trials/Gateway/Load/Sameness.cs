using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace NativeLambda.Trials.Gateway.Load;

/// <summary>Whether two gateways give the same answers and make the same events, before they are compared.</summary>
internal static class Sameness
{
    private static readonly (string Method, string Path, string? ContentType, string? Body, string? Cookie)[] Requests =
    [
        ("GET", "/products/42", null, null, null), ("GET", "/products/42?fields=a&fields=b&q=x%20y&empty=", null, null, null),
        ("GET", "/nowhere", null, null, null), ("GET", "/echo?a=1&a=2&b=%C3%A9", null, null, "session=1; theme=dark"),
        ("POST", "/echo", "text/plain", "a \"text\" with \\ and\nlines, ü", null), ("POST", "/echo", "application/octet-stream", "bytes", null),
        ("PUT", "/files/a/b%20c/d.txt", "application/json", "{\"x\":1}", null), ("GET", "/orders/7/lines/8", null, null, null),
    ];

    /// <summary>Compares two.</summary>
    /// <exception cref="InvalidOperationException">They differ; the message says where.</exception>
    public static async Task CheckAsync(GatewayProcess one, GatewayProcess other, CancellationToken cancellation)
    {
        using var client = new HttpClient();
        foreach (var request in Requests)
        {
            string first = await AnswerAsync(client, one, request, cancellation), second = await AnswerAsync(client, other, request, cancellation);
            if (first != second) throw new InvalidOperationException($"{request.Method} {request.Path} is answered differently:\n{first}\n{second}");
        }
    }

    private static async Task<string> AnswerAsync(
        HttpClient client, GatewayProcess gateway, (string Method, string Path, string? ContentType, string? Body, string? Cookie) request, CancellationToken cancellation)
    {
        using var message = new HttpRequestMessage(new HttpMethod(request.Method), new Uri($"http://{gateway.Address}{request.Path}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        message.Headers.UserAgent.Add(new ProductInfoHeaderValue("comparison", "1"));
        if (request.Cookie is not null) message.Headers.Add("Cookie", request.Cookie);
        if (request.Body is not null) message.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(request.Body)) { Headers = { ContentType = new MediaTypeHeaderValue(request.ContentType!) } };
        using HttpResponseMessage response = await client.SendAsync(message, cancellation);
        string body = await response.Content.ReadAsStringAsync(cancellation);
        bool hasId = response.Headers.Contains("apigw-requestid");
        return $"{(int)response.StatusCode} {response.Content.Headers.ContentType} {response.Headers.CacheControl} {hasId} {Normal(body, gateway.Address.Port)}";
    }

    /// <summary>Without what is of one request or one process only; members in order.</summary>
    private static string Normal(string body, int port)
    {
        if (JsonNode.Parse(body) is not JsonObject json) return body;
        if (json["requestContext"] is JsonObject context)
        {
            foreach (string own in (string[])["requestId", "time", "timeEpoch"]) context.Remove(own);
        }
        if (json["headers"] is JsonObject headers && headers.ContainsKey("x-amzn-trace-id")) headers["x-amzn-trace-id"] = "TRACE";
        return Sorted(json).ToJsonString().Replace(port.ToString(System.Globalization.CultureInfo.InvariantCulture), "PORT", StringComparison.Ordinal);
    }

    private static JsonNode Sorted(JsonNode node) => node is JsonObject json
        ? new JsonObject(json.OrderBy(static member => member.Key, StringComparer.Ordinal).Select(static member => KeyValuePair.Create(member.Key, member.Value is null ? null : (JsonNode?)Sorted(member.Value.DeepClone()))))
        : node.DeepClone();
}
