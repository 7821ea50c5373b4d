using System.Text.Json;
using NativeLambda.Emulator;
using NativeLambda.Emulator.Logging;
using static NativeLambda.IntegrationTests.Emulator.LambdaFixtures;

namespace NativeLambda.IntegrationTests.Emulator;

/// <summary>The platform's log of functions that log in JSON.</summary>
public sealed class JsonLogTests
{
    [Fact]
    public async Task Every_phase_is_a_record_and_the_tail_has_those_of_the_invocation()
    {
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options() with { LogFormat = LogFormat.Json, SystemLogLevel = SystemLogLevel.Debug, MemorySizeMb = 256 });
        InvokeResult result = await lambda.InvokeAsync(Steps("""[{"print":"between"},{"echo":1}]"""), new InvokeOptions { LogTail = true }).Guarded();
        JsonElement variables = result.Json().GetProperty("environment");
        Assert.Equal(("JSON", "INFO"), (variables.GetProperty("AWS_LAMBDA_LOG_FORMAT").GetString(), variables.GetProperty("AWS_LAMBDA_LOG_LEVEL").GetString()));
        string[] lines = [.. lambda.LogLines.Select(line => line.Text)];
        Assert.Equal(
            ["platform.initStart", "platform.initRuntimeDone", "platform.initReport", "platform.start", "between", "platform.runtimeDone", "platform.report"],
            lines.Select(line => line == "between" ? line : Parse(line).GetProperty("type").GetString()));
        JsonElement report = Parse(lines[^1]).GetProperty("record");
        Assert.Equal((result.RequestId, "success"), (report.GetProperty("requestId").GetString(), report.GetProperty("status").GetString()));
        JsonElement metrics = report.GetProperty("metrics");
        Assert.Equal(256, metrics.GetProperty("memorySizeMB").GetInt32());
        Assert.True(metrics.GetProperty("maxMemoryUsedMB").GetInt32() > 0);
        Assert.Equal(
            Parse(lines[2]).GetProperty("record").GetProperty("metrics").GetProperty("durationMs").GetDouble(), metrics.GetProperty("initDurationMs").GetDouble());
        Assert.Equal(string.Concat(lines[3..].Select(line => line + "\n")), result.LogTail);
    }

    [Fact]
    public async Task A_crash_is_told_by_its_status_and_its_error_type_and_why_by_a_fault()
    {
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options() with { LogFormat = LogFormat.Json });
        await lambda.InvokeAsync(Steps("""[{"exit":7}]""")).Guarded();
        JsonElement[] records = [.. lambda.LogLines.Where(line => line.Source == LogSource.Platform).Select(line => Parse(line.Text))];
        Assert.Equal(
            ["platform.initStart", "platform.start", "platform.fault", "platform.runtimeDone", "platform.report"],
            records.Select(record => record.GetProperty("type").GetString()));
        Assert.EndsWith(" Error: Runtime exited with error: exit status 7", records[2].GetProperty("record").GetString(), StringComparison.Ordinal);
        Assert.All(records[3..], record => Assert.Equal("Runtime.ExitError", record.GetProperty("record").GetProperty("errorType").GetString()));
    }

    [Fact]
    public async Task A_timeout_is_told_by_the_status_alone()
    {
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options() with { LogFormat = LogFormat.Json, Timeout = TimeSpan.FromSeconds(1) });
        await lambda.InvokeAsync(Steps("""[{"hang":1}]""")).Guarded();
        JsonElement[] records = [.. lambda.LogLines.Select(line => Parse(line.Text))];
        Assert.Equal(
            ["platform.initStart", "platform.start", "platform.runtimeDone", "platform.report"], records.Select(record => record.GetProperty("type").GetString()));
        Assert.All(records[2..], record => Assert.Equal("timeout", record.GetProperty("record").GetProperty("status").GetString()));
    }

    [Fact]
    public async Task A_failed_Init_is_reported_in_its_phase_and_again_inside_the_invocation()
    {
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options("""[{"exit":3}]""") with { LogFormat = LogFormat.Json });
        await lambda.InvokeAsync("{}").Guarded();
        JsonElement[] reports = [.. lambda.LogLines.Select(line => Parse(line.Text)).Where(record => record.GetProperty("type").GetString() == "platform.initReport").Select(record => record.GetProperty("record"))];
        Assert.Equal(["init", "invoke"], reports.Select(report => report.GetProperty("phase").GetString()));
        Assert.All(reports, report => Assert.Equal(("error", "Runtime.ExitError"), (report.GetProperty("status").GetString(), report.GetProperty("errorType").GetString())));
    }

    [Fact]
    public async Task On_the_command_line_records_and_reports_go_together()
    {
        await using EmulatorProcess emulator = EmulatorProcess.Start(
            Obedient, "--json", "--log-format", "json", "--system-log-level", "debug", "--port", "0", "--env", $"PATH={Environment.GetEnvironmentVariable("PATH")}");
        JsonElement started = Parse(await emulator.ReadUntilAsync("\"started\""));
        using var client = new HttpClient();
        await client.GetStringAsync(started.GetProperty("functions")[0].GetProperty("url").GetString()).Guarded();
        JsonElement report = Parse(await emulator.ReadUntilAsync("\"event\":\"report\"")).GetProperty("report");
        Assert.True(report.GetProperty("initDurationMs").GetDouble() > 0);
        Assert.Contains(emulator.Output, line => line.Contains("platform.runtimeDone", StringComparison.Ordinal));
    }

    private static JsonElement Parse(string line) => JsonSerializer.Deserialize<JsonElement>(line);
}
