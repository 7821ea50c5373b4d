using System.Text.Json;
using NativeLambda.Gateway.Tests.Invocation;

namespace NativeLambda.Gateway.Tests.Operation;

/// <summary>Whose word on a client counts: the tests' clients stand for proxies, on real sockets.</summary>
public sealed class TrustedProxiesTests
{
    private static async Task<JsonElement> EventAsync(string proxies, string? forwarded, string? scheme = null)
    {
        await using RunningGateway gateway = await RunningGateway.StartFileAsync(
            $$"""{ {{proxies}} "routes": [ { "route": "$default", "function": "f" } ] }""");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        if (forwarded is not null) request.Headers.Add("X-Forwarded-For", forwarded);
        if (scheme is not null) request.Headers.Add("X-Forwarded-Proto", scheme);
        (await gateway.Client.SendAsync(request)).Dispose();
        return JsonDocument.Parse(Assert.Single(gateway.Lambda.Calls).Event).RootElement;
    }

    private static string? SourceIp(JsonElement root) => root.GetProperty("requestContext").GetProperty("http").GetProperty("sourceIp").GetString();

    private static string? Header(JsonElement root, string name) => root.GetProperty("headers").TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    [Fact]
    public async Task Nobody_is_believed_unless_the_configuration_says_so()
    {
        JsonElement root = await EventAsync("", "203.0.113.7", "https");
        Assert.Equal(("127.0.0.1", "203.0.113.7, 127.0.0.1", "http"), (SourceIp(root), Header(root, "x-forwarded-for"), Header(root, "x-forwarded-proto")));
    }

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7", "203.0.113.7")]
    [InlineData("192.0.2.9, 203.0.113.7", "203.0.113.7", "192.0.2.9, 203.0.113.7")] // what the client itself claims stays a claim
    [InlineData("203.0.113.7, 10.1.2.3", "203.0.113.7", "203.0.113.7")] // two proxies, both trusted
    [InlineData("2001:db8::9", "2001:db8::9", "2001:db8::9")]
    [InlineData("unknown", "127.0.0.1", "unknown, 127.0.0.1")]
    [InlineData(null, "127.0.0.1", "127.0.0.1")]
    public async Task Trusted_proxies_say_who_the_client_is(string? forwarded, string source, string header)
    {
        JsonElement root = await EventAsync("\"trustedProxies\": [ \"127.0.0.1\", \"10.0.0.0/8\" ],", forwarded, forwarded is null ? null : "https");
        Assert.Equal((source, header), (SourceIp(root), Header(root, "x-forwarded-for")));
        Assert.Equal(source == "127.0.0.1" ? "http" : "https", Header(root, "x-forwarded-proto"));
        Assert.DoesNotContain(root.GetProperty("headers").EnumerateObject(), static member => member.Name.StartsWith("x-original", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Others_are_not()
    {
        JsonElement root = await EventAsync("\"trustedProxies\": [ \"10.0.0.0/8\" ],", "203.0.113.7", "https");
        Assert.Equal(("127.0.0.1", "http"), (SourceIp(root), Header(root, "x-forwarded-proto")));
    }
}
