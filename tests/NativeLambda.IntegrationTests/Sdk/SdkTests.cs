using System.Text;
using System.Text.Json;
using NativeLambda.Emulator;
using NativeLambda.IntegrationTests.Emulator;
using static NativeLambda.IntegrationTests.Emulator.LambdaFixtures;

namespace NativeLambda.IntegrationTests.Sdk;

/// <summary>AWS's own client, unmodified but for the endpoint, understands every answer of the Invoke API.</summary>
public sealed class SdkTests : IAsyncLifetime
{
    private LocalLambda _lambda = null!;

    public async ValueTask InitializeAsync()
    {
        SdkClient.SkipUnlessInstalled();
        FunctionOptions function = Options();
        _lambda = await LocalLambda.StartAsync(new LocalLambdaOptions
        {
            Functions =
            [
                function with { FunctionName = "orders", MemorySizeMb = 512, Description = "takes orders" },
                function with { FunctionName = "stopped", ReservedConcurrency = 0 },
                function with { FunctionName = "tight", MaxConcurrency = 1 },
            ],
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_lambda is not null) await _lambda.DisposeAsync();
    }

    [Fact]
    public async Task Invoke_returns_payload_version_and_log()
    {
        JsonElement answer = await InvokeAsync(new { FunctionName = "orders", Payload = Steps("""[{"print":"Grüße"},{"respond":{"n":1}}]"""), LogType = "Tail" });
        Assert.Equal("""{"n":1}""", Text(answer, "payload"));
        Assert.Equal("$LATEST", Text(answer, "ExecutedVersion"));
        Assert.Equal(200, answer.GetProperty("StatusCode").GetInt32());
        Assert.Contains("\nGrüße\n", Encoding.UTF8.GetString(Convert.FromBase64String(Text(answer, "LogResult")!)), StringComparison.Ordinal);
        Assert.Contains(_lambda.LogLines, line => line.Text == $"END RequestId: {Text(answer, "requestId")}");
    }

    [Fact]
    public async Task A_function_error_is_no_exception()
    {
        JsonElement answer = await InvokeAsync(new { FunctionName = "orders", Payload = Steps("""[{"fail":{"errorType":"E","errorMessage":"no"}}]""") });
        Assert.Equal("Unhandled", Text(answer, "FunctionError"));
        Assert.Equal(200, answer.GetProperty("StatusCode").GetInt32());
        Assert.Contains("\"no\"", Text(answer, "payload"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_is_202_and_runs_under_the_id_that_the_caller_got()
    {
        JsonElement answer = await InvokeAsync(new { FunctionName = "orders", InvocationType = "Event", Payload = "{}" });
        Assert.Equal(202, answer.GetProperty("StatusCode").GetInt32());
        await _lambda.WaitForLogAsync(line => line.Text == $"END RequestId: {Text(answer, "requestId")}").Guarded();
    }

    [Fact]
    public async Task A_dry_run_is_204()
    {
        JsonElement answer = await InvokeAsync(new { FunctionName = "orders", InvocationType = "DryRun" });
        Assert.Equal(204, answer.GetProperty("StatusCode").GetInt32());
    }

    [Fact]
    public async Task Functions_are_listed_and_described()
    {
        JsonElement page = await SdkClient.SendAsync(_lambda.InvokeEndpoint, "ListFunctionsCommand", new { MaxItems = 2 }).Guarded();
        Assert.Equal(["orders", "stopped"], page.GetProperty("Functions").EnumerateArray().Select(function => Text(function, "FunctionName")));
        JsonElement last = await SdkClient.SendAsync(_lambda.InvokeEndpoint, "ListFunctionsCommand", new { Marker = Text(page, "NextMarker") }).Guarded();
        Assert.Equal("tight", Text(Assert.Single(last.GetProperty("Functions").EnumerateArray()), "FunctionName"));
        JsonElement one = await SdkClient.SendAsync(_lambda.InvokeEndpoint, "GetFunctionCommand", new { FunctionName = "stopped" }).Guarded();
        Assert.Equal(0, one.GetProperty("Concurrency").GetProperty("ReservedConcurrentExecutions").GetInt32());
        JsonElement configuration = await SdkClient.SendAsync(
            _lambda.InvokeEndpoint, "GetFunctionConfigurationCommand", new { FunctionName = _lambda.Functions[0].Arn }).Guarded();
        Assert.Equal(("takes orders", 512), (Text(configuration, "Description"), configuration.GetProperty("MemorySize").GetInt32()));
    }

    [Theory]
    [InlineData("absent", null, "{}", "ResourceNotFoundException", 404)]
    [InlineData("orders", "live", "{}", "ResourceNotFoundException", 404)]
    [InlineData("orders:$LATEST", "live", "{}", "InvalidParameterValueException", 400)]
    [InlineData("orders", null, "{broken", "InvalidRequestContentException", 400)]
    [InlineData("stopped", null, "{}", "TooManyRequestsException", 429)]
    public async Task Each_error_is_the_clients_typed_exception(string function, string? qualifier, string payload, string exception, int status)
    {
        JsonElement answer = await InvokeAsync(new { FunctionName = function, Qualifier = qualifier, Payload = payload });
        Expect(answer, exception, status);
    }

    [Fact]
    public async Task An_event_over_the_limit_is_RequestTooLargeException()
    {
        JsonElement answer = await InvokeAsync(new { FunctionName = "orders", InvocationType = "Event", Repeat = new { Text = "x", Count = (1024 * 1024) + 1 } });
        Expect(answer, "RequestTooLargeException", 413);
    }

    [Fact]
    public async Task A_throttle_tells_its_reason_and_when_to_come_back()
    {
        Task<InvokeResult> parked = _lambda.Function("tight").InvokeAsync(Steps("""[{"print":"parked"},{"hang":1}]"""));
        await _lambda.WaitForLogAsync(line => line.Text == "parked").Guarded();
        JsonElement answer = await InvokeAsync(new { FunctionName = "tight" });
        Expect(answer, "TooManyRequestsException", 429);
        Assert.Equal("ReservedFunctionConcurrentInvocationLimitExceeded", Text(answer, "Reason"));
        Assert.Equal("User", Text(answer, "Type"));
        Assert.Equal("1", Text(answer, "retryAfterSeconds"));
        Assert.False(parked.IsCompleted);
    }

    [Fact]
    public async Task A_response_stream_comes_in_chunks_and_ends_completely()
    {
        JsonElement[] events = await StreamAsync("""[{"openStream":{}},{"write":"one "},{"write":"two"},{"closeStream":null}]""");
        Assert.Equal("one two", string.Concat(events[..^1].Select(item => Text(item, "chunk"))));
        Assert.False(events[^1].GetProperty("complete").TryGetProperty("ErrorCode", out _));
    }

    [Fact]
    public async Task A_response_stream_that_fails_says_so_at_its_end()
    {
        JsonElement[] events = await StreamAsync("""[{"openStream":{}},{"write":"one"},{"closeStream":{"errorType":"E","errorMessage":"no"}}]""");
        Assert.Equal("one", string.Concat(events[..^1].Select(item => Text(item, "chunk"))));
        Assert.Equal("E", Text(events[^1].GetProperty("complete"), "ErrorCode"));
        Expect(await SendStreamingAsync("absent", "{}"), "ResourceNotFoundException", 404);
    }

    private async Task<JsonElement[]> StreamAsync(string steps)
    {
        JsonElement answer = await SendStreamingAsync("orders", Steps(steps));
        Assert.Equal(200, answer.GetProperty("status").GetInt32());
        return [.. answer.GetProperty("events").EnumerateArray()];
    }

    private Task<JsonElement> SendStreamingAsync(string function, string payload) => SdkClient.SendAsync(
        _lambda.InvokeEndpoint, "InvokeWithResponseStreamCommand", new { FunctionName = function, Payload = payload }).Guarded();

    private static void Expect(JsonElement answer, string exception, int status)
    {
        Assert.Equal(exception, Text(answer, "exception"));
        Assert.True(answer.GetProperty("typed").GetBoolean());
        Assert.Equal(status, answer.GetProperty("status").GetInt32());
        Assert.False(string.IsNullOrEmpty(Text(answer, "message")));
    }

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    private Task<JsonElement> InvokeAsync(object input) => SdkClient.SendAsync(_lambda.InvokeEndpoint, "InvokeCommand", input).Guarded();
}
