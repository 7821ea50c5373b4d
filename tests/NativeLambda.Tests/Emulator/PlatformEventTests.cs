using NativeLambda.Emulator;
using NativeLambda.Emulator.Environments;
using NativeLambda.Emulator.Logging;

namespace NativeLambda.Tests.Emulator;

public sealed class PlatformEventTests
{
    private static readonly DateTimeOffset Time = new(2026, 11, 25, 1, 2, 3, 45, TimeSpan.Zero);

    private static readonly ReportLine Report = new()
    {
        RequestId = "id", Duration = TimeSpan.FromMilliseconds(12.3014), MemorySizeMb = 128, MaxMemoryUsedMb = 17,
    };

    private static readonly Dictionary<string, PlatformEvent> All = new()
    {
        ["""{"initializationType":"on-demand","phase":"init","runtimeVersion":"provided:al2023","functionName":"f","functionVersion":"$LATEST"}"""] =
            new InitStarted("on-demand", "init", "f", "$LATEST"),
        ["""{"initializationType":"on-demand","phase":"init","status":"success"}"""] = new InitRuntimeDone("on-demand", "init", null, null),
        ["""{"initializationType":"on-demand","phase":"invoke","status":"timeout","metrics":{"durationMs":25.5}}"""] =
            new InitReport("on-demand", "invoke", TimeSpan.FromMilliseconds(25.5), "timeout", null),
        ["""{"name":"one","state":"Ready","events":["INVOKE","SHUTDOWN"]}"""] = new ExtensionReport("one", "Ready", ["INVOKE", "SHUTDOWN"], null),
        ["""{"requestId":"id","version":"$LATEST"}"""] = new InvocationStarted("id", "$LATEST"),
        ["""{"requestId":"id","status":"success","metrics":{"durationMs":12.301}}"""] = new RuntimeDone(Report),
        ["""{"requestId":"id","status":"success","metrics":{"durationMs":12.301,"billedDurationMs":13,"memorySizeMB":128,"maxMemoryUsedMB":17}}"""] = Report,
        ["""{"requestId":"id","status":"error","errorType":"\"Oh\"","metrics":{"durationMs":12.301,"billedDurationMs":38,"memorySizeMB":128,"maxMemoryUsedMB":17,"initDurationMs":25.5}}"""] =
            Report with { Status = "error", ErrorType = "\"Oh\"", InitDuration = TimeSpan.FromMilliseconds(25.5) },
        ["\"RequestId: id Error: it fell\\n\\tover\""] = new Fault("id", "it fell\n\tover"),
    };

    [Fact]
    public void A_record_is_one_line_with_the_names_of_the_Telemetry_API() => Assert.All(
        All, pair => Assert.Equal($$"""{"time":"2026-11-25T01:02:03.045Z","type":"{{pair.Value.Type}}","record":{{pair.Key}}}""", pair.Value.ToJson(Time)));

    [Theory]
    [InlineData(SystemLogLevel.Debug, "initStart initRuntimeDone extension initReport start runtimeDone report")]
    [InlineData(SystemLogLevel.Info, "initStart extension start report")]
    [InlineData(SystemLogLevel.Warn, "")]
    public void Of_a_success_the_log_has_what_Lambda_shows_at_the_level(SystemLogLevel level, string types) =>
        Assert.Equal(types, Logged(level, status: null));

    [Fact]
    public void Of_a_failure_every_level_has_the_end() => Assert.Equal(
        "initRuntimeDone extension initReport runtimeDone report", Logged(SystemLogLevel.Warn, "error"));

    [Fact]
    public void The_Init_of_provisioned_environments_is_reported_at_INFO() => Assert.Equal(
        SystemLogLevel.Info, new InitReport("provisioned-concurrency", "init", TimeSpan.Zero, null, null).Level);

    /// <summary>What an environment logs of Init and an invocation.</summary>
    private static string Logged(SystemLogLevel level, string? status)
    {
        var options = new LocalLambdaOptions { Bootstrap = "/opt/app/bootstrap", LogFormat = LogFormat.Json, SystemLogLevel = level };
        var log = new FunctionLog(TimeProvider.System, sink: null);
        var environment = new EnvironmentLog("e", FunctionSettingsReader.Read(options, "us-east-1"), log, TimeProvider.System);
        environment.Write(new InitStarted("on-demand", "init", "f", "$LATEST"));
        environment.Write(new InitRuntimeDone("on-demand", "init", status, null));
        environment.Write(new ExtensionReport("one", status is null ? "Ready" : "Started", [], null));
        environment.Write(new InitReport("on-demand", "init", TimeSpan.Zero, status, null));
        environment.Write(new InvocationStarted("id", "$LATEST"));
        environment.WriteEnd(Report with { Status = status });
        return string.Join(' ', log.Lines.Select(line => line.Event!.Type["platform.".Length..]));
    }
}
