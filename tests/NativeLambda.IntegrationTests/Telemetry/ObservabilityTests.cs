using System.Text.Json;
using NativeLambda.IntegrationTests.Faults;
using NativeLambda.IntegrationTests.Fixtures;
using NativeLambda.IntegrationTests.Shutdown;

namespace NativeLambda.IntegrationTests.Telemetry;

/// <summary>What an operator reads of the published bootstrap: its log in Lambda's JSON format, its metrics, and the trace at the server.</summary>
/// <remarks>That none of it holds a secret is searched for by whoever runs the bootstrap, at its end.</remarks>
public sealed class ObservabilityTests(PostgresFixture postgres, BootstrapFixture bootstrap)
{
    private const string TraceId = "1-5759e988-bd862e3fe1be46a994272793";
    private const string TraceHeader = $"Root={TraceId};Parent=53995c3f42cd8ad8;Sampled=1";
    private static readonly (string, string) JsonLog = ("AWS_LAMBDA_LOG_FORMAT", "JSON");
    private static readonly (string, string) Metrics = ("NATIVELAMBDA_METRICS", "on");
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_transition_is_one_event_with_its_duration_and_one_value_of_its_metrics()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync(Cancellation);
        await using FrozenFunction function = await FrozenFunction.StartAsync(
            bootstrap, database.EnvironmentVariables(), settings: [JsonLog, Metrics, ("NATIVELAMBDA_PING_AFTER", "0s")]);
        await function.GetConnectionFactsAsync();
        await function.WhileFrozenAsync(async () => Assert.Equal(1, await database.TerminateBackendsAsync(Cancellation)));
        ConnectionView facts = await function.GetConnectionFactsAsync();
        Assert.Equal("reopened", facts.Check);
        await function.WaitUntilFrozenAsync();

        JsonElement[] records = Records(function.Output);
        Assert.Equal(["opened", "verified ping", "closed DeadSocket", "reopened DeadSocket"], records.Where(IsEvent).Select(Describe));
        Assert.All(records, record => Assert.True(record.GetProperty("timestamp").GetDateTimeOffset() > DateTimeOffset.UnixEpoch));
        Assert.All(records, record => Assert.Contains(record.GetProperty("level").GetString(), (string[])["DEBUG", "INFO", "WARN", "ERROR"]));
        Assert.All(records.Where(IsEvent), record => Assert.True(record.GetProperty("durationMs").GetDouble() > 0, record.GetRawText()));
        JsonElement reopened = records.Last(IsEvent);
        Assert.Equal(facts.BackendPid, reopened.GetProperty("backendPid").GetInt32());
        Assert.Equal(facts.OpenMs, reopened.GetProperty("durationMs").GetDouble(), tolerance: 0.01);

        // A line for each invocation in which something happened that an alarm may watch.
        Assert.Equal(
            ["ConnectionOpens 1", "OpenDuration", "ThawGap", "ConnectionOpens 1", "OpenDuration", "ReopensByCause DeadSocket 1", "ThawGap"],
            function.Output.Where(IsMetrics).SelectMany(Values));
    }

    [Fact]
    public async Task The_end_of_the_environment_is_an_event_and_writes_the_metrics_that_waited()
    {
        await using ProxiedBootstrap function = await ProxiedBootstrap.StartAsync(
            postgres, bootstrap, ProxyMode.Forward, JsonLog, Metrics, ("NATIVELAMBDA_PING_AFTER", "1h"), ("AWS_LAMBDA_FUNCTION_NAME", "products"));
        for (int invocation = 0; invocation < 3; invocation++)
        {
            await function.Platform.NextAsync();
            Assert.Equal(200, (await function.Platform.InvokeHttpAsync("GET", "/connection")).Status);
        }

        await function.Platform.NextAsync();
        function.Process.Terminate();
        Assert.Equal(0, await function.Process.ExitAsync());
        Assert.Equal(
            ["opened", "verified socket", "verified socket", "verified socket", "closed Shutdown"],
            Records(function.Process.Output).Where(IsEvent).Select(Describe));
        string[] lines = [.. function.Process.Output.Where(IsMetrics)];
        Assert.Equal(2, lines.Length);
        Assert.All(lines, line => Assert.Equal("products", JsonElement.Parse(line).GetProperty("FunctionName").GetString()));
        Assert.Equal([1, 2], lines.Select(line => JsonElement.Parse(line).GetProperty("ThawGap").GetArrayLength()));
    }

    [Fact]
    public async Task The_default_is_one_line_of_text_for_a_cold_start_and_none_for_a_warm_invocation()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync(Cancellation);
        await using FrozenFunction function = await FrozenFunction.StartAsync(
            bootstrap, database.EnvironmentVariables(), settings: ("AWS_LAMBDA_LOG_LEVEL", "INFO"));
        await function.GetConnectionFactsAsync();
        await function.GetConnectionFactsAsync();
        await function.WaitUntilFrozenAsync();
        Assert.StartsWith("Opened the connection: backend ", Assert.Single(function.Log).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_trace_of_an_invocation_is_in_its_records_and_in_the_name_of_its_session_until_the_reset()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync(Cancellation);
        await using LockedProduct locked = await LockedProduct.CreateAsync(database);
        await using FrozenFunction function = await FrozenFunction.StartAsync(
            bootstrap, database.EnvironmentVariables(), settings: [JsonLog, ("NATIVELAMBDA_TRACE_SESSION", "on")]);
        string before = Assert.Single(await database.ListSessionsAsync(Cancellation)).ApplicationName;

        function.TraceHeader = TraceHeader;
        Task<FunctionAnswer> answer = function.InvokeHttpAsync("POST", locked.Movements, """{"quantity":1}""");
        await locked.WaitersAsync(1);
        string during = Assert.Single(await database.ListSessionsAsync(Cancellation)).ApplicationName;
        Assert.EndsWith($"/{TraceId}", during, StringComparison.Ordinal);
        Assert.StartsWith(during[..^(TraceId.Length + 1)], before, StringComparison.Ordinal);
        await locked.DisposeAsync();
        Assert.Equal(201, (await answer).Status);
        await function.WaitUntilFrozenAsync();
        Assert.Equal(before, Assert.Single(await database.ListSessionsAsync(Cancellation)).ApplicationName);

        JsonElement[] records = Records(function.Output);
        Assert.Contains(records, record => record.TryGetProperty("requestId", out _));
        Assert.All(records, record => Assert.Equal(record.TryGetProperty("requestId", out _), record.TryGetProperty("traceId", out _)));
        Assert.All(records.Where(record => record.TryGetProperty("traceId", out _)), record => Assert.Equal(TraceHeader, record.GetProperty("traceId").GetString()));
    }

    /// <summary>All that came out, but for metrics, is a record in Lambda's JSON format.</summary>
    private static JsonElement[] Records(IEnumerable<string> output) => [.. output.Where(line => !IsMetrics(line)).Select(line => JsonElement.Parse(line))];

    private static bool IsMetrics(string line) => line.StartsWith("{\"_aws\":", StringComparison.Ordinal);

    private static bool IsEvent(JsonElement record) => record.TryGetProperty("event", out _);

    private static string Describe(JsonElement record) => string.Join(' ',
        from name in (string[])["event", "cause", "check"]
        where record.TryGetProperty(name, out _)
        select record.GetProperty(name).GetString());

    /// <summary>The metrics of a line that CloudWatch would read, with the values that are not times.</summary>
    private static IEnumerable<string> Values(string line)
    {
        JsonElement root = JsonElement.Parse(line);
        return
        [
            .. (from directive in root.GetProperty("_aws").GetProperty("CloudWatchMetrics").EnumerateArray()
                from metric in directive.GetProperty("Metrics").EnumerateArray()
                let name = metric.GetProperty("Name").GetString()!
                let value = root.GetProperty(name)
                select name switch
                {
                    "ReopensByCause" => $"{name} {root.GetProperty("Cause").GetString()} {value.GetRawText()}",
                    _ when value.ValueKind == JsonValueKind.Number => $"{name} {value.GetRawText()}",
                    _ => name,
                }).Order(StringComparer.Ordinal),
        ];
    }
}
