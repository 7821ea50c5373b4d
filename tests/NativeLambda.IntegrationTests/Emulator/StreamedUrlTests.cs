using System.Net;
using System.Text;
using NativeLambda.Emulator;
using NativeLambda.Emulator.Environments;
using static NativeLambda.IntegrationTests.Emulator.LambdaFixtures;

namespace NativeLambda.IntegrationTests.Emulator;

public sealed class StreamedUrlTests : IAsyncLifetime
{
    private const string Integration = """{"openStream":{"Content-Type":"application/vnd.awslambda.http-integration-response"}}""";

    private readonly HttpClient _client = new(new HttpClientHandler { UseCookies = false }) { Timeout = Guard };
    private LocalLambda _lambda = null!;

    public async ValueTask InitializeAsync()
    {
        _lambda = await LocalLambda.StartAsync(Options() with { InvokeMode = FunctionUrlInvokeMode.ResponseStream, MaxConcurrency = 1 });
        _client.BaseAddress = _lambda.FunctionUrl;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _lambda.DisposeAsync();
    }

    [Fact]
    public async Task Status_headers_and_cookies_come_from_the_prelude_and_the_body_as_it_is_written()
    {
        string gate = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        // The prelude in two halves, the delimiter too, and the body's first byte with its end.
        using HttpResponseMessage response = await GetAsync(
            $$$"""
            [{{{Integration}}},
             {"write":"{\"statusCode\":201,\"headers\":{\"X-Mine\":\"yes\",\"Content-Type\":\"text/plain\"},"},
             {"writeBase64":"{{{Convert.ToBase64String("\"cookies\":[\"a=1\",\"b=2\"]}\0\0\0"u8)}}}"},
             {"writeBase64":"{{{Convert.ToBase64String("\0\0\0\0\0one"u8)}}}"},
             {"waitFor":"{{{gate}}}"},{"write":" two"},{"closeStream":null}]
            """);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("yes", response.Headers.GetValues("X-Mine").Single());
        Assert.Equal(["a=1", "b=2"], response.Headers.GetValues("Set-Cookie"));
        Assert.Equal("text/plain", response.Content.Headers.ContentType!.ToString());
        await using Stream stream = await response.Content.ReadAsStreamAsync();
        var one = new byte[3];
        await stream.ReadExactlyAsync(one).AsTask().Guarded();
        Assert.Equal("one", Encoding.ASCII.GetString(one));
        await File.WriteAllTextAsync(gate, "");
        Assert.Equal(" two", await new StreamReader(stream).ReadToEndAsync().Guarded());
        File.Delete(gate);
    }

    [Fact]
    public async Task Without_a_prelude_the_stream_is_the_body_of_a_200_of_its_own_content_type()
    {
        using HttpResponseMessage response = await GetAsync("""[{"openStream":{"Content-Type":"text/event-stream"}},{"write":"data: 1"},{"closeStream":null}]""");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.ToString());
        Assert.Equal("data: 1", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_whole_response_is_the_body_of_a_200_as_it_stands()
    {
        using HttpResponseMessage response = await GetAsync("""[{"respond":{"statusCode":404}}]""");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("""{"statusCode":404}""", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("""{"write":"no prelude at all"}""")]
    [InlineData("""{"writeBase64":"e30AAAAAAAAA"}""")] // a NUL too few
    [InlineData("""{"writeBase64":"W10AAAAAAAAAAA=="}""")] // an array
    [InlineData("""{"writeMany":[100,1024]}""")] // longer than any head
    public async Task A_prelude_that_is_none_is_a_502(string write)
    {
        using HttpResponseMessage response = await GetAsync($$"""[{{Integration}},{{write}},{"closeStream":null}]""");
        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        // The function is none the wiser.
        await _lambda.WaitUntilAsync(static environments => environments is [{ State: EnvironmentState.Frozen }]).Guarded();
        Assert.Equal(202, (await _lambda.InvokeAsync("{}").Guarded()).Json().GetProperty("answers")[0].GetInt32());
    }

    [Fact]
    public async Task An_error_before_the_stream_is_a_502()
    {
        using HttpResponseMessage response = await GetAsync("""[{"fail":{"errorType":"Orders.Closed"}}]""");
        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
    }

    [Theory]
    [InlineData("""{"closeStream":{"errorType":"Late"}}""")]
    [InlineData("""{"breakStream":1}""")]
    [InlineData("""{"exit":1}""")]
    public async Task A_stream_that_fails_never_ends_properly_for_the_client(string end)
    {
        using HttpResponseMessage response = await GetAsync($$$"""[{"openStream":{}},{"write":"half"},{{{end}}}]""");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task An_answer_without_a_body_stays_without_one()
    {
        using HttpResponseMessage response = await GetAsync(
            $$$"""[{{{Integration}}},{"writeBase64":"{{{Convert.ToBase64String("{\"statusCode\":204}\0\0\0\0\0\0\0\0never seen"u8)}}}"},{"closeStream":null}]""");
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal("", await response.Content.ReadAsStringAsync());
    }

    private async Task<HttpResponseMessage> GetAsync(string steps)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("steps", Convert.ToBase64String(Encoding.UTF8.GetBytes(steps)));
        return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}
