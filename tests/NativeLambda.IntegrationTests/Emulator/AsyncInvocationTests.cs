using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using NativeLambda.Emulator;
using NativeLambda.Emulator.Environments;
using static NativeLambda.IntegrationTests.Emulator.LambdaFixtures;

namespace NativeLambda.IntegrationTests.Emulator;

public sealed class AsyncInvocationTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory().FullName;

    private string DeadLetterFile => Path.Combine(_directory, "dead-letters.jsonl");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_failing_event_is_tried_three_times_under_one_id_and_becomes_a_dead_letter()
    {
        await using LocalLambda lambda = await StartAsync(options => options with { RetryDelay = TimeSpan.Zero });
        string id = Enqueue(lambda, Steps("""[{"print":"attempt"},{"fail":{"errorType":"E","errorMessage":"no"}}]"""));
        JsonElement record = Assert.Single(await LettersAsync(lambda));
        Assert.Equal(3, lambda.LogLines.Count(line => line.Text == "attempt"));
        Assert.Equal(3, lambda.LogLines.Count(line => line.Text == $"START RequestId: {id} Version: $LATEST"));
        Assert.Equal("1.0", record.GetProperty("version").GetString());
        JsonElement request = record.GetProperty("requestContext");
        Assert.Equal(id, request.GetProperty("requestId").GetString());
        Assert.Equal("arn:aws:lambda:us-east-1:123456789012:function:function:$LATEST", request.GetProperty("functionArn").GetString());
        Assert.Equal("RetriesExhausted", request.GetProperty("condition").GetString());
        Assert.Equal(3, request.GetProperty("approximateInvokeCount").GetInt32());
        Assert.Equal("attempt", record.GetProperty("requestPayload").GetProperty("steps")[0].GetProperty("print").GetString());
        Assert.Equal(200, record.GetProperty("responseContext").GetProperty("statusCode").GetInt32());
        Assert.Equal("Unhandled", record.GetProperty("responseContext").GetProperty("functionError").GetString());
        Assert.Equal("no", record.GetProperty("responsePayload").GetProperty("errorMessage").GetString());
        Assert.Equal(0, lambda.Functions[0].PendingEvents);
    }

    [Fact]
    public async Task A_retry_that_succeeds_ends_it()
    {
        await using LocalLambda lambda = await StartAsync(options => options with { RetryDelay = TimeSpan.Zero });
        Enqueue(lambda, Steps($$"""[{"once":["{{_directory}}/mark",{"exit":1}]},{"print":"second"},{"respond":1}]"""));
        await lambda.WaitForLogAsync(line => line.Text == "second").Guarded();
        await Eventually(() => lambda.Functions[0].PendingEvents == 0, "it is done");
        Assert.False(File.Exists(DeadLetterFile));
    }

    [Fact]
    public async Task The_pauses_are_one_minute_and_two()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        await using LocalLambda lambda = await StartAsync(options => options with { TimeProvider = time, Timeout = TimeSpan.FromMinutes(15) });
        Enqueue(lambda, Steps("""[{"fail":{"errorType":"E"}}]"""));
        foreach ((int reports, int seconds) in new[] { (1, 60), (2, 120) })
            await RetryAfterAsync(lambda, time, reports, seconds);
        Assert.Equal("RetriesExhausted", Condition(Assert.Single(await LettersAsync(lambda))));
    }

    [Fact]
    public async Task A_throttled_event_waits_for_room_and_runs()
    {
        await using LocalLambda lambda = await StartAsync(options => options with { RetryDelay = TimeSpan.FromMilliseconds(60), MaxConcurrency = 1 });
        Task<InvokeResult> parked = lambda.InvokeAsync(Steps($$"""[{"print":"parked"},{"hang":1}]"""));
        await lambda.WaitForLogAsync(line => line.Text == "parked").Guarded();
        Enqueue(lambda, Steps("""[{"print":"ran"},{"respond":1}]"""));
        Assert.Equal(1, lambda.Functions[0].PendingEvents);
        await lambda.KillAsync(lambda.Environments[0].Id).Guarded();
        Assert.Equal("Runtime.ExitError", (await parked.Guarded()).ErrorType);
        await lambda.WaitForLogAsync(line => line.Text == "ran").Guarded();
    }

    [Fact]
    public async Task An_event_that_would_be_too_old_is_given_up()
    {
        await using LocalLambda lambda = await StartAsync(options => options with { MaximumEventAge = TimeSpan.FromSeconds(59) });
        Enqueue(lambda, Steps("""[{"fail":{"errorType":"E"}}]"""));
        JsonElement record = Assert.Single(await LettersAsync(lambda));
        Assert.Equal("EventAgeExceeded", Condition(record));
        Assert.Equal(1, record.GetProperty("requestContext").GetProperty("approximateInvokeCount").GetInt32());
    }

    [Fact]
    public async Task A_function_that_is_stopped_gets_none()
    {
        await using LocalLambda lambda = await StartAsync(options => options with { ReservedConcurrency = 0 });
        Enqueue(lambda, "{}");
        JsonElement record = Assert.Single(await LettersAsync(lambda));
        Assert.Equal("ZeroReservedConcurrency", Condition(record));
        Assert.False(record.TryGetProperty("responseContext", out _));
        Assert.Empty(lambda.Environments);
    }

    [Fact]
    public async Task What_waits_or_runs_when_the_emulator_ends_is_counted_and_kept()
    {
        LocalLambda lambda = await StartAsync(options => options);
        Enqueue(lambda, Steps("""[{"print":"failing"},{"fail":{"errorType":"E"}}]"""));
        await lambda.WaitForLogAsync(line => line.Text.StartsWith("REPORT", StringComparison.Ordinal)).Guarded();
        Enqueue(lambda, Steps("""[{"print":"parked"},{"hang":1}]"""));
        await lambda.WaitForLogAsync(line => line.Text == "parked").Guarded();
        await lambda.DisposeAsync();
        Assert.Contains("2 asynchronous events dropped, 1 of them running: the emulator ends", lambda.LogLines.Select(line => line.Text));
        string[] lines = await File.ReadAllLinesAsync(DeadLetterFile);
        Assert.Equal(["EmulatorStopped", "EmulatorStopped"], lines.Select(line => Condition(JsonSerializer.Deserialize<JsonElement>(line))));
    }

    [Fact]
    public async Task A_dead_letter_file_that_cannot_be_written_is_said()
    {
        await using LocalLambda lambda = await StartAsync(options => options with { ReservedConcurrency = 0, DeadLetterFile = Path.Combine(_directory, "absent", "file") });
        Enqueue(lambda, "{}");
        await lambda.WaitForLogAsync(line => line.Text.StartsWith("the dead-letter file cannot be written: ", StringComparison.Ordinal)).Guarded();
        await lambda.WaitForLogAsync(line => line.Text.EndsWith("after 0 attempts: lost", StringComparison.Ordinal)).Guarded();
    }

    private static async Task RetryAfterAsync(LocalLambda lambda, FakeTimeProvider time, int reports, int seconds)
    {
        await Eventually(() => Reports(lambda) == reports, $"attempt {reports}");
        await Eventually(() => lambda.Environments.All(environment => environment.State == EnvironmentState.Frozen), "it is frozen");
        // The pause begins a moment after the report, on a clock that stands still: never sooner than the pause, and soon after it.
        time.Advance(TimeSpan.FromSeconds(seconds - 1));
        Assert.Equal(reports, Reports(lambda));
        await Eventually(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return Reports(lambda) > reports;
            },
            $"attempt {reports + 1}");
    }

    private static int Reports(LocalLambda lambda) => lambda.LogLines.Count(line => line.Text.StartsWith("REPORT", StringComparison.Ordinal));

    private static string Enqueue(LocalLambda lambda, string payload) => lambda.Functions[0].Enqueue(Encoding.UTF8.GetBytes(payload));

    private static string? Condition(JsonElement record) => record.GetProperty("requestContext").GetProperty("condition").GetString();

    private Task<LocalLambda> StartAsync(Func<LocalLambdaOptions, LocalLambdaOptions> change) =>
        LocalLambda.StartAsync(change(Options() with { DeadLetterFile = DeadLetterFile }));

    private async Task<JsonElement[]> LettersAsync(LocalLambda lambda)
    {
        await lambda.WaitForLogAsync(line => line.Text.Contains("asynchronous event given up", StringComparison.Ordinal)).Guarded();
        await Eventually(() => lambda.Functions[0].PendingEvents == 0, "the queue is empty");
        return [.. (await File.ReadAllLinesAsync(DeadLetterFile)).Select(line => JsonSerializer.Deserialize<JsonElement>(line))];
    }
}
