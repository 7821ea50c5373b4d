using Microsoft.Extensions.Time.Testing;
using NativeLambda.Emulator;
using NativeLambda.Emulator.Environments;
using static NativeLambda.IntegrationTests.Emulator.LambdaFixtures;

namespace NativeLambda.IntegrationTests.Emulator;

public sealed class PhaseTests
{
    [Fact]
    public async Task An_exit_in_the_invocation_is_an_exit_error_and_the_environment_starts_again()
    {
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options());
        InvokeResult result = await lambda.InvokeAsync(Steps("""[{"exit":3}]""")).Guarded();
        Assert.Equal("Unhandled", result.FunctionError);
        Assert.Equal(
            $$"""{"errorType":"Runtime.ExitError","errorMessage":"RequestId: {{result.RequestId}} Error: Runtime exited with error: exit status 3"}""",
            result.PayloadText);
        Assert.Equal(200, (await lambda.InvokeAsync("{}").Guarded()).StatusCode);
        Assert.Equal(2, Assert.Single(lambda.Environments).ProcessesStarted);
    }

    [Fact]
    public async Task A_signal_in_the_invocation_is_named_in_the_exit_error()
    {
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options());
        InvokeResult result = await lambda.InvokeAsync(Steps("""[{"signal":"SIGKILL"}]""")).Guarded();
        Assert.Contains("Runtime exited with error: signal: killed", result.PayloadText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exit_with_code_0_is_an_exit_error_too()
    {
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options());
        InvokeResult result = await lambda.InvokeAsync(Steps("""[{"exit":0}]""")).Guarded();
        Assert.Contains("Runtime exited without providing a reason", result.PayloadText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exit_after_the_response_is_not_the_callers_concern()
    {
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options());
        InvokeResult result = await lambda.InvokeAsync(Steps("""[{"respond":1},{"exit":1}]"""), new InvokeOptions { LogTail = true }).Guarded();
        Assert.Null(result.FunctionError);
        Assert.Equal("1", result.PayloadText);
        Assert.Contains("Status: error\tError Type: Runtime.ExitError", result.LogTail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task At_the_deadline_the_process_is_killed_and_the_caller_gets_a_timeout()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options() with { Timeout = TimeSpan.FromSeconds(900), TimeProvider = time });
        Task<InvokeResult> invocation = lambda.InvokeAsync(Steps("""[{"print":"parked"},{"hang":1}]"""), new InvokeOptions { LogTail = true });
        await lambda.WaitForLogAsync(line => line.Text == "parked").Guarded();
        int processId = lambda.Environments[0].ProcessId!.Value;
        time.Advance(TimeSpan.FromSeconds(899.9));
        Assert.True(IsAlive(processId));
        time.Advance(TimeSpan.FromSeconds(0.2));
        InvokeResult result = await invocation.Guarded();
        Assert.False(IsAlive(processId));
        Assert.Equal("Unhandled", result.FunctionError);
        Assert.Equal(
            $$"""{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: {{result.RequestId}} Error: Task timed out after 900.00 seconds"}""",
            result.PayloadText);
        Assert.Contains($"{result.RequestId} Task timed out after 900.00 seconds\n", result.LogTail, StringComparison.Ordinal);
        Assert.Contains("\tStatus: timeout\t\n", result.LogTail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_deadline_that_the_runtime_is_told_is_the_timeout_from_the_dispatch_on()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options() with { Timeout = TimeSpan.FromSeconds(30), TimeProvider = time });
        InvokeResult result = await lambda.InvokeAsync("{}").Guarded();
        Assert.Equal(
            time.GetUtcNow().AddSeconds(30).ToUnixTimeMilliseconds().ToString(System.Globalization.CultureInfo.InvariantCulture),
            result.Json().GetProperty("headers").GetProperty("lambda-runtime-deadline-ms").GetString());
    }

    [Fact]
    public async Task A_runtime_that_outlasts_Init_is_killed_and_Init_runs_again_inside_the_invocation_under_its_timeout()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        string mark = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        string init = $$"""[{"print":"Init"},{"once":["{{mark}}",{"hang":1}]}]""";
        await using LocalLambda lambda = await LocalLambda.StartAsync(
            Options(init) with { InitTimeout = TimeSpan.FromSeconds(10), Timeout = TimeSpan.FromSeconds(30), TimeProvider = time });
        Task<InvokeResult> invocation = lambda.InvokeAsync("{}");
        await lambda.WaitForLogAsync(line => line.Text == "Init").Guarded();
        await Eventually(() => File.Exists(mark), "the first Init hangs");
        int first = lambda.Environments[0].ProcessId!.Value;
        time.Advance(TimeSpan.FromSeconds(10));
        InvokeResult result = await invocation.Guarded();
        File.Delete(mark);
        Assert.Null(result.FunctionError);
        Assert.False(IsAlive(first));
        Assert.Equal(2, lambda.Environments[0].ProcessesStarted);
        Assert.Contains(lambda.LogLines, line => line.Text.Contains("Phase: init\tStatus: timeout", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_environment_that_is_started_ahead_has_longer_for_its_Init()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using LocalLambda lambda = await LocalLambda.StartAsync(
            Options("""[{"print":"Init"},{"hang":1}]""") with { InitTimeout = null, Timeout = TimeSpan.FromSeconds(3), TimeProvider = time });
        Task<EnvironmentSnapshot> start = lambda.StartEnvironmentAsync();
        await lambda.WaitForLogAsync(line => line.Text == "Init").Guarded();
        time.Advance(TimeSpan.FromSeconds(129));
        Assert.True(IsAlive(lambda.Environments.Single().ProcessId!.Value));
        Assert.False(start.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("Sandbox.Timedout", (await Assert.ThrowsAsync<InitFailedException>(() => start.Guarded())).ErrorType);
        Assert.Contains(lambda.LogLines, line => line.Text.StartsWith("INIT_REPORT Init Duration: 130000.00 ms\tPhase: init\tStatus: timeout", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_runtime_that_never_asks_for_an_invocation_costs_the_function_its_timeout()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using LocalLambda lambda = await LocalLambda.StartAsync(
            Options("""[{"print":"Init"},{"hang":1}]""")
                with { InitTimeout = TimeSpan.FromSeconds(10), Timeout = TimeSpan.FromSeconds(3), TimeProvider = time });
        Task<InvokeResult> invocation = lambda.InvokeAsync("{}");
        await lambda.WaitForLogAsync(line => line.Text == "Init").Guarded();
        time.Advance(TimeSpan.FromSeconds(10));
        await Eventually(() => lambda.LogLines.Count(line => line.Text == "Init") == 2, "Init runs again");
        time.Advance(TimeSpan.FromSeconds(3));
        InvokeResult result = await invocation.Guarded();
        Assert.Equal("Sandbox.Timedout", result.ErrorType);
        Assert.Contains(lambda.LogLines, line => line.Text.Contains("Phase: invoke\tStatus: timeout", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_init_error_is_what_the_caller_gets_after_a_second_try()
    {
        await using LocalLambda lambda = await LocalLambda.StartAsync(
            Options("""[{"initError":{"errorType":"Database.Unreachable","errorMessage":"no server"}}]"""));
        InvokeResult result = await lambda.InvokeAsync("{}").Guarded();
        Assert.Equal("Unhandled", result.FunctionError);
        Assert.Equal("""{"errorType":"Database.Unreachable","errorMessage":"no server"}""", result.PayloadText);
        string[] reports = [.. lambda.LogLines.Where(line => line.Text.StartsWith("INIT_REPORT", StringComparison.Ordinal)).Select(line => line.Text)];
        Assert.Equal(2, reports.Length);
        Assert.EndsWith("Phase: init\tStatus: error\tError Type: Database.Unreachable\t", reports[0], StringComparison.Ordinal);
        Assert.EndsWith("Phase: invoke\tStatus: error\tError Type: Database.Unreachable\t", reports[1], StringComparison.Ordinal);
        // What it wrote after its report is not lost.
        Assert.Equal(2, lambda.LogLines.Count(line => line.Text == "init/error posted"));
    }

    [Fact]
    public async Task An_exit_in_Init_is_an_exit_error()
    {
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options("""[{"exit":7}]"""));
        InvokeResult result = await lambda.InvokeAsync("{}").Guarded();
        Assert.Equal(
            $$"""{"errorType":"Runtime.ExitError","errorMessage":"RequestId: {{result.RequestId}} Error: Runtime exited with error: exit status 7"}""",
            result.PayloadText);
    }

    [Theory]
    [InlineData(null, "no such file or directory")]
    [InlineData(UnixFileMode.UserRead, "permission denied")]
    public async Task A_bootstrap_that_cannot_be_started_any_more_is_an_invalid_entrypoint(UnixFileMode? mode, string why)
    {
        string bootstrap = Path.Combine(Directory.CreateTempSubdirectory("entrypoint-").FullName, "bootstrap");
        File.Copy(Obedient, bootstrap);
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options() with { Bootstrap = bootstrap });
        if (mode is { } left) File.SetUnixFileMode(bootstrap, left);
        else File.Delete(bootstrap);
        InvokeResult result = await lambda.InvokeAsync("{}").Guarded();
        Directory.Delete(Path.GetDirectoryName(bootstrap)!, recursive: true);
        Assert.Equal("Runtime.InvalidEntrypoint", result.ErrorType);
        Assert.EndsWith($"Error: fork/exec {bootstrap}: {why}", result.Json().GetProperty("errorMessage").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_early_Init_that_fails_leaves_no_environment()
    {
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options("""[{"exit":7}]"""));
        InitFailedException exception = await Assert.ThrowsAsync<InitFailedException>(() => lambda.StartEnvironmentAsync().Guarded());
        Assert.Equal("Runtime.ExitError", exception.ErrorType);
        Assert.Empty(lambda.Environments);
    }

    [Fact]
    public async Task Without_an_extension_a_shutdown_is_SIGKILL_at_once()
    {
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options("""[{"tellTerm":1}]"""));
        EnvironmentSnapshot environment = await lambda.StartEnvironmentAsync().Guarded();
        await lambda.ShutdownEnvironmentAsync(environment.Id).Guarded();
        Assert.False(IsAlive(environment.ProcessId!.Value));
        Assert.DoesNotContain(lambda.LogLines, line => line.Text == "SIGTERM seen");
    }

    [Fact]
    public async Task With_an_internal_extension_a_shutdown_begins_with_SIGTERM()
    {
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options("""[{"tellTerm":1},{"register":1}]"""));
        EnvironmentSnapshot environment = await lambda.StartEnvironmentAsync().Guarded();
        await lambda.ShutdownEnvironmentAsync(environment.Id).Guarded();
        Assert.Contains(lambda.LogLines, line => line.Text == "SIGTERM seen");
    }

    [Fact]
    public async Task A_runtime_that_ignores_SIGTERM_is_killed()
    {
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options("""[{"ignoreTerm":1},{"register":1}]"""));
        EnvironmentSnapshot environment = await lambda.StartEnvironmentAsync().Guarded();
        await lambda.ShutdownEnvironmentAsync(environment.Id).Guarded();
        Assert.False(IsAlive(environment.ProcessId!.Value));
        Assert.Contains(lambda.LogLines, line => line.Text == "SIGTERM ignored");
    }

    [Fact]
    public async Task A_kill_in_mid_invocation_is_an_exit_error_for_its_caller()
    {
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options());
        Task<InvokeResult> invocation = lambda.InvokeAsync(Steps("""[{"print":"parked"},{"hang":1}]"""));
        await lambda.WaitForLogAsync(line => line.Text == "parked").Guarded();
        await lambda.KillAsync(lambda.Environments[0].Id).Guarded();
        Assert.Equal("Runtime.ExitError", (await invocation.Guarded()).ErrorType);
    }

    [Fact]
    public async Task A_disposal_lets_an_environment_that_has_answered_tidy_up()
    {
        LocalLambda lambda = await LocalLambda.StartAsync(Options());
        await lambda.InvokeAsync(Steps("""[{"respond":1},{"print":"tidied"}]""")).Guarded();
        await lambda.DisposeAsync().AsTask().Guarded();
        Assert.Contains(lambda.LogLines, line => line.Text == "tidied");
        Assert.DoesNotContain(lambda.LogLines, line => line.Text == "Runtime.ExitError");
    }

    [Fact]
    public async Task A_disposal_in_mid_invocation_ends_it()
    {
        LocalLambda lambda = await LocalLambda.StartAsync(Options());
        Task<InvokeResult> invocation = lambda.InvokeAsync(Steps("""[{"print":"parked"},{"hang":1}]"""));
        await lambda.WaitForLogAsync(line => line.Text == "parked").Guarded();
        int processId = lambda.Environments[0].ProcessId!.Value;
        await lambda.DisposeAsync().AsTask().Guarded();
        Assert.False(IsAlive(processId));
        Assert.Equal("Runtime.ExitError", (await invocation.Guarded()).ErrorType);
    }
}
