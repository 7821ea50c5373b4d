using System.Text;
using Microsoft.Extensions.Time.Testing;
using NativeLambda.Database;
using NativeLambda.Emulator;
using NativeLambda.IntegrationTests.Faults;
using NativeLambda.IntegrationTests.Fixtures;
using NativeLambda.Runtime;
using NativeLambda.Samples.ScheduledCleanup;
using NativeLambda.Telemetry;
using Npgsql;

namespace NativeLambda.IntegrationTests.Samples;

/// <summary>samples/ScheduledCleanup: events that are no HTTP.</summary>
public sealed class ScheduledCleanupTests(PostgresFixture postgres)
{
    private const string Sample = "ScheduledCleanup";

    // As a rule of EventBridge sends it.
    private const string Event = """
        {"version":"0","id":"53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa","detail-type":"Scheduled Event","source":"aws.events","account":"123456789012",
        "time":"2026-11-27T10:00:00Z","region":"us-east-1","resources":["arn:aws:events:us-east-1:123456789012:rule/cleanup"],"detail":{}}
        """;

    [Fact]
    public async Task What_had_expired_when_the_schedule_fired_is_gone_whenever_the_event_comes()
    {
        await using SampleFunction sample = await SampleFunction.StartAsync(postgres, Sample);
        await FillAsync(sample.Database, expired: 2500, alive: 3);

        Assert.Equal("""{"deleted":2500,"finished":true}""", (await sample.InvokeAsync(Event)).GetRawText());
        Assert.Equal(3, await CountAsync(sample.Database));
        await sample.Function.WaitForLogAsync("2500 sessions that had expired at 2026-11-27T10:00:00");

        // Delivered again, after a freeze.
        await sample.Function.WaitUntilFrozenAsync();
        Assert.Equal("""{"deleted":0,"finished":true}""", (await sample.InvokeAsync(Event)).GetRawText());
        Assert.Equal(3, await CountAsync(sample.Database));
    }

    [Fact]
    public async Task What_another_run_is_at_is_left_to_it()
    {
        await using SampleFunction sample = await SampleFunction.StartAsync(postgres, Sample);
        await FillAsync(sample.Database, expired: 5, alive: 0);
        await using (await BlockedStatements.ByAsync(sample.Database, "SELECT FROM (SELECT FROM sessions ORDER BY expires_at LIMIT 2 FOR UPDATE) AS held"))
            Assert.Equal("""{"deleted":3,"finished":true}""", (await sample.InvokeAsync(Event)).GetRawText());
        Assert.Equal(2, await CountAsync(sample.Database));
    }

    [Fact]
    public async Task An_event_without_a_time_deletes_nothing()
    {
        await using SampleFunction sample = await SampleFunction.StartAsync(postgres, Sample);
        await FillAsync(sample.Database, expired: 1, alive: 0);
        InvokeResult result = await sample.Function.InvokeAsync(Encoding.UTF8.GetBytes("""{"id":"1"}"""));
        Assert.Equal(("Unhandled", "NativeLambda.InvalidEvent"), (result.FunctionError, result.ErrorType));
        Assert.Contains("time", result.PayloadText, StringComparison.Ordinal);
        Assert.Equal(1, await CountAsync(sample.Database));
    }

    [Fact]
    public async Task When_time_runs_short_the_rest_is_left_to_the_next_schedule()
    {
        await using TestDatabase database = await SampleFunction.CreateDatabaseAsync(postgres, Sample);
        await FillAsync(database, expired: 1500, alive: 0);
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        var clock = new FakeTimeProvider();
        var invocation = new Invocation { RequestId = "1", DeadlineUnixMs = clock.GetUtcNow().AddSeconds(1).ToUnixTimeMilliseconds() };
        var context = new InvocationContext(invocation, default(ConnectionFacts), clock);
        var cleanup = new SessionCleanup(new LambdaLog(Stream.Null, clock, json: false, LogLevel.Info));

        CleanupResult result = await cleanup.HandleAsync(
            new ScheduledEvent { Id = "1", Time = new DateTimeOffset(2026, 11, 27, 10, 0, 0, TimeSpan.Zero) }, connection, context, TestContext.Current.CancellationToken);

        Assert.Equal(new CleanupResult(1000, Finished: false), result);
        Assert.Equal(500, await CountAsync(database));
    }

    private static Task FillAsync(TestDatabase database, int expired, int alive) => database.ExecuteAsAdminAsync($"""
        INSERT INTO sessions SELECT gen_random_uuid(), timestamptz '2026-11-27 10:00:00+00' - n * interval '1 second' FROM generate_series(0, {expired - 1}) AS n;
        INSERT INTO sessions SELECT gen_random_uuid(), timestamptz '2026-11-27 10:00:00+00' + n * interval '1 second' FROM generate_series(1, {alive}) AS n
        """);

    private static Task<long> CountAsync(TestDatabase database) => database.QueryAsAdminAsync<long>("SELECT count(*) FROM sessions");
}
