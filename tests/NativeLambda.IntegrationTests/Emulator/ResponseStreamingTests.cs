using System.Net;
using System.Text;
using System.Text.Json;
using NativeLambda.Emulator;
using static NativeLambda.IntegrationTests.Emulator.LambdaFixtures;

namespace NativeLambda.IntegrationTests.Emulator;

public sealed class ResponseStreamingTests : IDisposable
{
    private readonly HttpClient _client = new() { Timeout = Guard };

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task A_chunk_reaches_the_caller_while_the_function_still_runs()
    {
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options());
        string gate = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        using HttpResponseMessage response = await InvokeAsync(
            lambda, $$$"""[{"openStream":{}},{"write":"one"},{"waitFor":"{{{gate}}}"},{"write":"two"},{"closeStream":null}]""");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/vnd.amazon.eventstream", response.Content.Headers.ContentType!.ToString());
        Assert.Equal("$LATEST", response.Headers.GetValues("X-Amz-Executed-Version").Single());
        await using Stream stream = await response.Content.ReadAsStreamAsync();
        StreamEvent first = (await StreamEvent.ReadAsync(stream).Guarded())!;
        Assert.Equal(("PayloadChunk", "one"), (first.Type, first.Text));
        await File.WriteAllTextAsync(gate, ""); // only now does the function write on
        StreamEvent second = (await StreamEvent.ReadAsync(stream).Guarded())!;
        Assert.Equal(("PayloadChunk", "two"), (second.Type, second.Text));
        StreamEvent last = (await StreamEvent.ReadAsync(stream).Guarded())!;
        Assert.Equal(("InvokeComplete", "{}"), (last.Type, last.Text));
        Assert.Null(await StreamEvent.ReadAsync(stream).Guarded());
        File.Delete(gate);
        await AssertAnswersAsync(lambda, 202);
    }

    [Fact]
    public async Task An_error_in_the_trailers_is_the_last_event_with_the_log_where_it_is_wanted()
    {
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options());
        (string payload, JsonElement complete) = await ReadAllAsync(await InvokeAsync(
            lambda,
            """[{"print":"so far"},{"openStream":{}},{"write":"half"},{"closeStream":{"errorType":"Orders.Closed","errorMessage":"come tomorrow"}}]""",
            logTail: true));
        Assert.Equal("half", payload);
        Assert.Equal("Orders.Closed", complete.GetProperty("ErrorCode").GetString());
        Assert.Equal("""{"errorType":"Orders.Closed","errorMessage":"come tomorrow"}""", complete.GetProperty("ErrorDetails").GetString());
        string log = Encoding.UTF8.GetString(complete.GetProperty("LogResult").GetBytesFromBase64());
        Assert.Contains("so far\n", log, StringComparison.Ordinal);
        Assert.Contains("Status: error\tError Type: Orders.Closed", log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"breakStream":1}""", "Runtime.TruncatedResponse")]
    [InlineData("""{"exit":3}""", "Runtime.TruncatedResponse")]
    [InlineData("""{"signal":"SIGKILL"}""", "Runtime.TruncatedResponse")]
    public async Task A_stream_that_breaks_off_ends_with_an_error(string end, string errorType)
    {
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options());
        (string payload, JsonElement complete) = await ReadAllAsync(await InvokeAsync(lambda, $$$"""[{"openStream":{}},{"write":"half"},{{{end}}}]"""));
        Assert.Equal("half", payload);
        Assert.Equal(errorType, complete.GetProperty("ErrorCode").GetString());
        Assert.Equal(200, (await lambda.InvokeAsync("{}").Guarded()).StatusCode);
    }

    [Fact]
    public async Task At_the_deadline_a_stream_ends_with_the_timeout()
    {
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options() with { Timeout = TimeSpan.FromSeconds(2) });
        await lambda.StartEnvironmentAsync().Guarded();
        (string payload, JsonElement complete) = await ReadAllAsync(await InvokeAsync(lambda, """[{"openStream":{}},{"write":"half"},{"hang":1}]"""));
        Assert.Equal("half", payload);
        Assert.Equal("Sandbox.Timedout", complete.GetProperty("ErrorCode").GetString());
        Assert.Contains("Task timed out after 2.00 seconds", complete.GetProperty("ErrorDetails").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_whole_response_is_a_chunk_and_an_error_none()
    {
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options());
        (string payload, JsonElement complete) = await ReadAllAsync(await InvokeAsync(lambda, """[{"respond":"whole"}]"""));
        Assert.Equal(("\"whole\"", "{}"), (payload, complete.GetRawText()));
        (payload, complete) = await ReadAllAsync(await InvokeAsync(lambda, """[{"fail":{"errorType":"Orders.Closed"}}]"""));
        Assert.Equal(("", "Orders.Closed"), (payload, complete.GetProperty("ErrorCode").GetString()));
        (payload, complete) = await ReadAllAsync(await InvokeAsync(lambda, """[{"exit":3}]"""));
        Assert.Equal(("", "Runtime.ExitError"), (payload, complete.GetProperty("ErrorCode").GetString()));
    }

    [Fact]
    public async Task A_caller_who_does_not_read_holds_the_function_up()
    {
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options());
        using HttpResponseMessage response = await InvokeAsync(lambda, """[{"openStream":{}},{"writeMany":[1024,65536]},{"print":"all is written"},{"closeStream":null}]""");
        await using Stream stream = await response.Content.ReadAsStreamAsync();
        await StreamEvent.ReadAsync(stream).Guarded();
        // 64 MB are more than pipes and sockets hold between them: unless someone reads, the function cannot have written them.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lambda.WaitForLogAsync(line => line.Text == "all is written", patience.Token));
        long total = 0;
        StreamEvent? last = null;
        while (await StreamEvent.ReadAsync(stream).Guarded() is { } next) (last, total) = (next, total + next.Payload.Length);
        Assert.Equal("InvokeComplete", last!.Type);
        Assert.True(total > 63 * 1024 * 1024);
        await lambda.WaitForLogAsync(line => line.Text == "all is written").Guarded();
    }

    [Fact]
    public async Task A_caller_who_goes_away_stops_nobody()
    {
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options());
        using (HttpResponseMessage response = await InvokeAsync(lambda, """[{"openStream":{}},{"writeMany":[1024,65536]},{"closeStream":null},{"print":"to the end"}]"""))
        {
            await using Stream stream = await response.Content.ReadAsStreamAsync();
            await StreamEvent.ReadAsync(stream).Guarded();
        }
        await lambda.WaitForLogAsync(line => line.Text == "to the end").Guarded();
        await AssertAnswersAsync(lambda, 202);
    }

    [Fact]
    public async Task A_stream_of_200_MB_passes_and_a_byte_more_is_an_error()
    {
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options());
        const long Limit = 200L * 1024 * 1024;
        (long length, JsonElement complete) = await CountAsync(await InvokeAsync(lambda, """[{"openStream":{}},{"writeMany":[200,1048576]},{"closeStream":null}]"""));
        Assert.Equal((Limit, "{}"), (length, complete.GetRawText()));
        (length, complete) = await CountAsync(await InvokeAsync(lambda, """[{"openStream":{}},{"writeMany":[200,1048576]},{"write":"x"},{"closeStream":null}]"""));
        Assert.Equal((Limit, "Function.ResponseSizeTooLarge"), (length, complete.GetProperty("ErrorCode").GetString()));
        await AssertAnswersAsync(lambda, 202, 413);
    }

    [Fact]
    public async Task A_caller_who_waits_for_all_of_it_gets_a_streamed_response_whole()
    {
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options());
        InvokeResult result = await lambda.InvokeAsync(Steps("""[{"openStream":{}},{"write":"[1,"},{"write":"2]"},{"closeStream":null}]""")).Guarded();
        Assert.Equal("[1,2]", result.PayloadText);
        result = await lambda.InvokeAsync(Steps("""[{"openStream":{}},{"write":"half"},{"closeStream":{"errorType":"Late"}}]""")).Guarded();
        Assert.Equal(("Late", """{"errorType":"Late"}"""), (result.ErrorType, result.PayloadText));
        result = await lambda.InvokeAsync(Steps("""[{"openStream":{}},{"write":"half"},{"breakStream":1}]""")).Guarded();
        Assert.Equal("Runtime.TruncatedResponse", result.ErrorType);
        result = await lambda.InvokeAsync(Steps("""[{"openStream":{}},{"writeMany":[7,1048576]},{"closeStream":null}]""")).Guarded();
        Assert.Equal("Function.ResponseSizeTooLarge", result.ErrorType);
    }

    [Theory]
    [InlineData("""{"breakStream":1}""", 1)]
    [InlineData("""{"exit":3}""", 2)]
    public async Task A_whole_response_that_breaks_off_is_an_error(string end, int processes)
    {
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options());
        InvokeResult result = await lambda.InvokeAsync(
            Steps($$$"""[{"openStream":{"Lambda-Runtime-Function-Response-Mode":""}},{"write":"half"},{{{end}}}]""")).Guarded();
        Assert.Equal(("Unhandled", "Runtime.TruncatedResponse"), (result.FunctionError, result.ErrorType));
        Assert.Null((await lambda.InvokeAsync("{}").Guarded()).FunctionError);
        Assert.Equal(processes, Assert.Single(lambda.Environments).ProcessesStarted);
    }

    [Fact]
    public async Task An_unknown_response_mode_is_refused_and_ends_the_invocation()
    {
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options());
        InvokeResult result = await lambda.InvokeAsync(
            Steps("""[{"openStream":{"Lambda-Runtime-Function-Response-Mode":"dripping"}},{"closeStream":null}]""")).Guarded();
        Assert.Equal("Runtime.InvalidResponseModeHeader", result.ErrorType);
        await AssertAnswersAsync(lambda, 400);
    }

    [Fact]
    public async Task Once_a_response_has_begun_no_error_and_no_other_response_is_allowed()
    {
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options());
        string gate = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        using HttpResponseMessage response = await InvokeAsync(
            lambda, $$$"""[{"openStream":{}},{"waitFor":"{{{gate}}}"},{"fail":{"errorType":"Late"}},{"respond":2},{"write":"1"},{"closeStream":null}]""");
        await File.WriteAllTextAsync(gate, ""); // the head of the response has come as far as here
        (string payload, JsonElement complete) = await ReadAllAsync(response);
        File.Delete(gate);
        Assert.Equal(("1", "{}"), (payload, complete.GetRawText()));
        await AssertAnswersAsync(lambda, 403, 403, 202);
    }

    private async Task<HttpResponseMessage> InvokeAsync(LocalLambda lambda, string steps, bool logTail = false)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post, new Uri(lambda.InvokeEndpoint, "/2021-11-15/functions/function/response-streaming-invocations"))
        {
            Content = new StringContent(Steps(steps)),
        };
        if (logTail) request.Headers.Add("X-Amz-Log-Type", "Tail");
        return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>What the Runtime API has answered, by status.</summary>
    private static async Task AssertAnswersAsync(LocalLambda lambda, params int[] expected)
    {
        JsonElement echo = (await lambda.InvokeAsync("{}").Guarded()).Json();
        Assert.Equal(expected, echo.GetProperty("answers").Deserialize<int[]>());
    }

    private static async Task<(string Payload, JsonElement Complete)> ReadAllAsync(HttpResponseMessage response)
    {
        using (response)
        {
            await using Stream stream = await response.Content.ReadAsStreamAsync();
            var payload = new StringBuilder();
            while (true)
            {
                StreamEvent next = (await StreamEvent.ReadAsync(stream).Guarded())!;
                if (next.Type == "InvokeComplete") return (payload.ToString(), next.Json);
                payload.Append(next.Text);
            }
        }
    }

    private static async Task<(long Length, JsonElement Complete)> CountAsync(HttpResponseMessage response)
    {
        using (response)
        {
            await using Stream stream = await response.Content.ReadAsStreamAsync();
            for (long length = 0; ;)
            {
                StreamEvent next = (await StreamEvent.ReadAsync(stream).Guarded())!;
                if (next.Type == "InvokeComplete") return (length, next.Json);
                length += next.Payload.Length;
            }
        }
    }
}
