using System.Net;
using System.Text;
using System.Text.Json;
using NativeLambda.Emulator;
using static NativeLambda.IntegrationTests.Emulator.LambdaFixtures;

namespace NativeLambda.IntegrationTests.Emulator;

public sealed class FunctionUrlTests : IAsyncLifetime
{
    private readonly HttpClient _client = new(new HttpClientHandler { UseCookies = false, AllowAutoRedirect = false }) { Timeout = Guard };
    private LocalLambda _lambda = null!;

    public async ValueTask InitializeAsync()
    {
        _lambda = await LocalLambda.StartAsync(Options() with { MaxConcurrency = 1 });
        _client.BaseAddress = _lambda.FunctionUrl;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _lambda.DisposeAsync();
    }

    [Fact]
    public async Task A_request_becomes_an_event_of_payload_format_2()
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "/products/a%20b?x=1&x=2&y=%C3%BC")
        {
            Content = new StringContent("""{"name":"ü"}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Cookie", "a=1; b=2");
        request.Headers.Add("X-Many", ["one", "two"]);
        request.Headers.Add("User-Agent", "tests");
        JsonElement @event = await EchoAsync(request);
        Assert.Equal("2.0", @event.GetProperty("version").GetString());
        Assert.Equal("$default", @event.GetProperty("routeKey").GetString());
        Assert.Equal("/products/a%20b", @event.GetProperty("rawPath").GetString());
        Assert.Equal("x=1&x=2&y=%C3%BC", @event.GetProperty("rawQueryString").GetString());
        Assert.Equal("1,2", @event.GetProperty("queryStringParameters").GetProperty("x").GetString());
        Assert.Equal("ü", @event.GetProperty("queryStringParameters").GetProperty("y").GetString());
        Assert.Equal(["a=1", "b=2"], @event.GetProperty("cookies").Deserialize<string[]>()!);
        Assert.Equal("one,two", @event.GetProperty("headers").GetProperty("x-many").GetString()!.Replace(", ", ",", StringComparison.Ordinal));
        Assert.Equal("""{"name":"ü"}""", @event.GetProperty("body").GetString());
        Assert.False(@event.GetProperty("isBase64Encoded").GetBoolean());
        JsonElement http = @event.GetProperty("requestContext").GetProperty("http");
        Assert.Equal("PUT", http.GetProperty("method").GetString());
        Assert.Equal("HTTP/1.1", http.GetProperty("protocol").GetString());
        Assert.Equal("127.0.0.1", http.GetProperty("sourceIp").GetString());
        Assert.Equal("tests", http.GetProperty("userAgent").GetString());
    }

    [Fact]
    public async Task A_binary_body_travels_in_Base64_both_ways()
    {
        byte[] bytes = [0, 1, 2, 253, 254, 255];
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new ByteArrayContent(bytes) };
        JsonElement @event = await EchoAsync(request);
        Assert.True(@event.GetProperty("isBase64Encoded").GetBoolean());
        Assert.Equal(bytes, @event.GetProperty("body").GetBytesFromBase64());
        using HttpResponseMessage response = await SendAsync(
            HttpMethod.Post, $$$"""[{"respond":{"statusCode":200,"body":"{{{Convert.ToBase64String(bytes)}}}","isBase64Encoded":true}}]""");
        Assert.Equal(bytes, await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_payload_with_a_status_code_says_everything_itself()
    {
        using HttpResponseMessage response = await SendAsync(
            HttpMethod.Post,
            """[{"respond":{"statusCode":201,"headers":{"Content-Type":"text/plain","X-Own":"1"},"cookies":["a=1; Path=/","b=2"],"body":"made"}}]""");
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("text/plain", response.Content.Headers.ContentType!.ToString());
        Assert.Equal("1", Assert.Single(response.Headers.GetValues("X-Own")));
        Assert.Equal(["a=1; Path=/", "b=2"], response.Headers.GetValues("Set-Cookie"));
        Assert.Equal("made", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_payload_without_one_is_a_200_of_JSON()
    {
        using HttpResponseMessage response = await SendAsync(HttpMethod.Post, """[{"respond":{"answer":42}}]""");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("""{"answer":42}""", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task An_empty_answer_has_no_body_and_neither_has_one_to_HEAD()
    {
        using HttpResponseMessage empty = await SendAsync(HttpMethod.Delete, """[{"respond":{"statusCode":204}}]""");
        Assert.Equal(HttpStatusCode.NoContent, empty.StatusCode);
        Assert.Empty(await empty.Content.ReadAsByteArrayAsync());
        using HttpResponseMessage head = await _client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/"));
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        Assert.True(head.Content.Headers.ContentLength > 0);
    }

    [Theory]
    [InlineData("""[{"fail":{"errorType":"E","errorMessage":"secret of the function"}}]""")]
    [InlineData("""[{"exit":1}]""")]
    [InlineData("""[{"respondRaw":"no JSON"}]""")]
    [InlineData("""[{"respond":{"statusCode":"what"}}]""")]
    [InlineData("""[{"respond":{"statusCode":200,"headers":{"X":"a\r\nSet-Cookie: b=1"}}}]""")]
    public async Task A_function_that_fails_or_makes_no_sense_is_a_502(string steps)
    {
        using HttpResponseMessage response = await SendAsync(HttpMethod.Post, steps);
        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal("""{"message":"Internal Server Error"}""", await response.Content.ReadAsStringAsync());
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task When_all_are_busy_it_is_429()
    {
        Task<InvokeResult> first = _lambda.InvokeAsync(Steps("""[{"print":"parked"},{"hang":1}]"""));
        await _lambda.WaitForLogAsync(line => line.Text == "parked").Guarded();
        using HttpResponseMessage response = await _client.GetAsync(new Uri("/", UriKind.Relative));
        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.False(first.IsCompleted);
    }

    [Fact]
    public async Task A_body_over_6_MB_is_413()
    {
        using var content = new ByteArrayContent(new byte[6 * 1024 * 1024 + 1]);
        using HttpResponseMessage response = await _client.PostAsync(new Uri("/", UriKind.Relative), content);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Empty(_lambda.Environments);
    }

    private async Task<JsonElement> EchoAsync(HttpRequestMessage request)
    {
        using HttpResponseMessage response = await _client.SendAsync(request);
        return JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync()).GetProperty("event");
    }

    /// <summary>The steps travel in a header, as a body would be inside the event.</summary>
    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string steps)
    {
        using var request = new HttpRequestMessage(method, "/");
        request.Headers.Add("steps", Convert.ToBase64String(Encoding.UTF8.GetBytes(steps)));
        return await _client.SendAsync(request);
    }
}
