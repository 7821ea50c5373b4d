using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using NativeLambda.Emulator;
using NativeLambda.Emulator.Environments;
using NativeLambda.Emulator.Freezing;
using NativeLambda.Emulator.Logging;
using static NativeLambda.IntegrationTests.Emulator.LambdaFixtures;

namespace NativeLambda.IntegrationTests.Emulator;

public sealed class ExtensionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("extensions-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task An_extension_is_told_of_every_invocation_and_of_the_end()
    {
        await using LocalLambda lambda = await StartAsync("""{"init":[{"environment":1}]}""");
        InvokeResult result = await lambda.InvokeAsync("{}").Guarded();
        JsonElement headers = result.Json().GetProperty("headers");
        JsonElement registered = await SaidAsync(lambda, "registered 200 ");
        Assert.Equal("function", registered.GetProperty("functionName").GetString());
        Assert.Equal("$LATEST", registered.GetProperty("functionVersion").GetString());
        Assert.Equal("bootstrap", registered.GetProperty("handler").GetString());
        Assert.Equal("123456789012", registered.GetProperty("accountId").GetString());
        JsonElement invoke = await SaidAsync(lambda, "event ");
        Assert.Equal("INVOKE", invoke.GetProperty("eventType").GetString());
        Assert.Equal(result.RequestId, invoke.GetProperty("requestId").GetString());
        Assert.Equal("arn:aws:lambda:us-east-1:123456789012:function:function", invoke.GetProperty("invokedFunctionArn").GetString());
        Assert.Equal(headers.GetProperty("lambda-runtime-deadline-ms").GetString(), invoke.GetProperty("deadlineMs").GetRawText());
        Assert.Equal("X-Amzn-Trace-Id", invoke.GetProperty("tracing").GetProperty("type").GetString());
        Assert.Equal(headers.GetProperty("lambda-runtime-trace-id").GetString(), invoke.GetProperty("tracing").GetProperty("value").GetString());
        JsonElement environment = await SaidAsync(lambda, "environment ");
        Assert.Equal("function", environment.GetProperty("AWS_LAMBDA_FUNCTION_NAME").GetString());
        foreach (string hidden in (string[])["_HANDLER", "LAMBDA_TASK_ROOT", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME"])
            Assert.False(environment.TryGetProperty(hidden, out _), hidden);
        Assert.Contains(lambda.LogLines, static line => line.Text == "EXTENSION\tName: one\tState: Ready\tEvents: [INVOKE, SHUTDOWN]");
        await ShutdownAsync(lambda);
        JsonElement shutdown = await SaidAsync(lambda, "event {\"eventType\":\"SHUTDOWN\"", after: "event ");
        Assert.Equal("spindown", shutdown.GetProperty("shutdownReason").GetString());
        Assert.True(shutdown.GetProperty("deadlineMs").GetInt64() > invoke.GetProperty("deadlineMs").GetInt64() - Guard.TotalMilliseconds);
        Assert.DoesNotContain(lambda.LogLines, static line => line.Text == "one: SIGTERM");
    }

    [Fact]
    public async Task The_caller_has_its_answer_before_an_extension_is_done_and_the_environment_freezes_after_it()
    {
        string gate = Path.Combine(_folder, "..", Path.GetRandomFileName());
        await using LocalLambda lambda = await StartAsync($$$"""{"invoke":[{"say":"at work"},{"waitFor":"{{{gate}}}"}]}""");
        Assert.Equal(200, (await lambda.InvokeAsync("{}").Guarded()).StatusCode);
        await lambda.WaitForLogAsync(static line => line.Text == "one: at work").Guarded();
        Assert.Equal(EnvironmentState.Busy, Assert.Single(lambda.Environments).State);
        Assert.DoesNotContain(lambda.LogLines, static line => line.Text.StartsWith("REPORT", StringComparison.Ordinal));
        // The runtime may have asked for the next one by now, but not the extension: another environment serves it.
        Assert.Equal(200, (await lambda.InvokeAsync("{}").Guarded()).StatusCode);
        Assert.Equal([1, 1], lambda.Environments.Select(static environment => environment.Invocations));
        await File.WriteAllTextAsync(gate, "");
        await lambda.WaitUntilAsync(static all => all.All(static environment => environment.State == EnvironmentState.Frozen)).Guarded();
        File.Delete(gate);
    }

    [Theory]
    [InlineData(FreezeMethod.Auto)]
    [InlineData(FreezeMethod.Signal)]
    public async Task An_extension_is_frozen_and_thawed_with_the_runtime(FreezeMethod method)
    {
        await using LocalLambda lambda = await StartAsync("{}", method: method);
        for (int count = 0; count < 3; count++)
        {
            await lambda.InvokeAsync("{}").Guarded();
            await lambda.WaitUntilAsync(static all => all is [{ State: EnvironmentState.Frozen }]).Guarded();
        }
        Assert.Equal(3, lambda.LogLines.Count(static line => line.Text.StartsWith("one: event ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("""{"before":[{"exit":3}]}""", "Extension.Crash", "exit status 3", "EXTENSION\tName: one\tState: Started\tEvents: []\tError Type: Extension.Crash")]
    [InlineData("""{"init":[{"exit":0}]}""", "Extension.Crash", "exit code 0", "EXTENSION\tName: one\tState: Registered\tEvents: [INVOKE, SHUTDOWN]\tError Type: Extension.Crash")]
    [InlineData("""{"init":[{"initError":"One.NoConfiguration"},{"exit":1}]}""", "Extension.InitError", "exit status 1", "EXTENSION\tName: one\tState: InitError\tEvents: [INVOKE, SHUTDOWN]\tError Type: One.NoConfiguration")]
    [InlineData("""{"init":[{"exitError":"One.Lost"},{"exit":1}]}""", "Extension.ExitError", "exit status 1", "EXTENSION\tName: one\tState: ExitError\tEvents: [INVOKE, SHUTDOWN]\tError Type: One.Lost")]
    public async Task An_extension_that_ends_in_Init_fails_it(string script, string errorType, string text, string line)
    {
        await using LocalLambda lambda = await StartAsync(script);
        InvokeResult result = await lambda.InvokeAsync("{}").Guarded();
        Assert.Equal(errorType, result.ErrorType);
        Assert.Equal($$"""{"errorType":"{{errorType}}","errorMessage":"RequestId: {{result.RequestId}} Error: {{text}}"}""", result.PayloadText);
        Assert.Equal(2, lambda.LogLines.Count(logged => logged.Text == line)); // Init, and again inside the invocation
    }

    [Theory]
    [InlineData("""{"invoke":[{"exit":3}]}""", "Extension.Crash", "exit status 3")]
    [InlineData("""{"invoke":[{"exitError":"One.Lost"},{"exit":1}]}""", "Extension.ExitError", "exit status 1")]
    public async Task An_extension_that_ends_in_an_invocation_ends_it(string script, string errorType, string text)
    {
        await using LocalLambda lambda = await StartAsync(script);
        InvokeResult result = await lambda.InvokeAsync(Steps("""[{"hang":1}]""")).Guarded();
        Assert.Equal(errorType, result.ErrorType);
        Assert.Contains($"Error: {text}", result.PayloadText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_executable_is_a_launch_error()
    {
        await using LocalLambda lambda = await StartAsync("{}");
        File.SetUnixFileMode(Path.Combine(_folder, "one"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        InvokeResult result = await lambda.InvokeAsync("{}").Guarded();
        if (Environment.UserName == "root" && result.FunctionError is null) Assert.Skip("root may execute anything here");
        Assert.Equal("Extension.LaunchError", result.ErrorType);
        Assert.Contains(lambda.LogLines, static line => line.Text == "EXTENSION\tName: one\tState: LaunchError\tEvents: []\tError Type: PermissionDenied");
    }

    [Fact]
    public async Task More_than_ten_extensions_are_not_started()
    {
        for (int count = 2; count <= 11; count++) Copy($"number-{count}");
        await using LocalLambda lambda = await StartAsync("{}");
        InvokeResult result = await lambda.InvokeAsync("{}").Guarded();
        Assert.Equal("Extension.LaunchError", result.ErrorType);
        Assert.Contains("TooManyExtensions", result.PayloadText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Init_waits_for_the_extension_and_ends_with_its_limit()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        Copy("one");
        await using LocalLambda lambda = await LocalLambda.StartAsync(
            Options("""[{"print":"the runtime runs"}]""", ("EXTENSION_one", """{"before":[{"say":"in no hurry"},{"hang":1}]}""")) with
            {
                ExtensionsDirectory = _folder, InitTimeout = TimeSpan.FromSeconds(10), Timeout = TimeSpan.FromSeconds(3), TimeProvider = time,
            });
        Task<InvokeResult> invocation = lambda.InvokeAsync("{}");
        await lambda.WaitForLogAsync(static line => line.Text == "one: in no hurry").Guarded();
        time.Advance(TimeSpan.FromSeconds(10));
        await Eventually(() => lambda.LogLines.Count(static line => line.Text == "one: in no hurry") == 2, "Init runs again");
        time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal("Sandbox.Timedout", (await invocation.Guarded()).ErrorType);
        Assert.DoesNotContain(lambda.LogLines, static line => line.Text == "the runtime runs");
        Assert.Contains(lambda.LogLines, static line => line.Text.Contains("Phase: init\tStatus: timeout", StringComparison.Ordinal));
    }

    [Fact]
    public async Task At_a_timeout_the_extension_is_told_so_and_the_runtime_is_asked_to_end_first()
    {
        await using LocalLambda lambda = await StartAsync("{}", init: """[{"tellTerm":1}]""", timeout: TimeSpan.FromSeconds(2));
        await lambda.StartEnvironmentAsync().Guarded();
        InvokeResult result = await lambda.InvokeAsync(Steps("""[{"hang":1}]""")).Guarded();
        Assert.Equal("Sandbox.Timedout", result.ErrorType);
        JsonElement shutdown = await SaidAsync(lambda, "event {\"eventType\":\"SHUTDOWN\"", after: "event ");
        Assert.Equal("timeout", shutdown.GetProperty("shutdownReason").GetString());
        string[] lines = [.. lambda.LogLines.Select(static line => line.Text)];
        Assert.True(Array.IndexOf(lines, "SIGTERM seen") >= 0, "SIGTERM");
        Assert.True(Array.IndexOf(lines, "SIGTERM seen") < Array.FindIndex(lines, static line => line.StartsWith("one: event {\"eventType\":\"SHUTDOWN\"", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task When_the_runtime_crashes_the_extension_is_told_of_the_failure()
    {
        await using LocalLambda lambda = await StartAsync("{}");
        Assert.Equal("Runtime.ExitError", (await lambda.InvokeAsync(Steps("""[{"exit":3}]""")).Guarded()).ErrorType);
        JsonElement shutdown = await SaidAsync(lambda, "event {\"eventType\":\"SHUTDOWN\"", after: "event ");
        Assert.Equal("failure", shutdown.GetProperty("shutdownReason").GetString());
        Assert.Equal(200, (await lambda.InvokeAsync("{}").Guarded()).StatusCode); // both start again
    }

    [Fact]
    public async Task An_extension_that_outlasts_the_Shutdown_phase_is_killed()
    {
        await using LocalLambda lambda = await StartAsync("""{"shutdown":[{"say":"no hurry"},{"hang":1}]}""");
        await lambda.InvokeAsync("{}").Guarded();
        await ShutdownAsync(lambda);
        Assert.Contains(lambda.LogLines, static line => line.Text == "one: no hurry");
        Assert.Empty(lambda.Environments);
    }

    [Fact]
    public async Task An_extension_that_wants_no_event_is_asked_for_nothing_and_killed_at_the_end()
    {
        await using LocalLambda lambda = await StartAsync("""{"events":[]}""");
        await lambda.InvokeAsync("{}").Guarded();
        await lambda.WaitUntilAsync(static all => all is [{ State: EnvironmentState.Frozen }]).Guarded();
        await ShutdownAsync(lambda);
        Assert.DoesNotContain(lambda.LogLines, static line => line.Text.StartsWith("one: event", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Calls_that_make_no_sense_are_refused_in_AWSs_words()
    {
        await using LocalLambda lambda = await StartAsync(
            """
            {"init":[
              {"register":["one",["INVOKE"]]},
              {"register":["guest",["SHUTDOWN"]]},
              {"register":["guest",["LUNCH"]]},
              {"register":["guest",[1]]},
              {"register":["",[]]},
              {"call":["POST","/2020-01-01/extension/init/error",{}]},
              {"call":["GET","/2020-01-01/extension/event/next",{"Lambda-Extension-Identifier":"x"}]},
              {"call":["GET","/2020-01-01/extension/event/next",{"Lambda-Extension-Identifier":"00000000-0000-0000-0000-000000000000"}]},
              {"call":["PUT","/2022-07-01/telemetry",{}]},
              {"call":["PUT","/2020-08-15/logs",{}]}]}
            """);
        await lambda.InvokeAsync("{}").Guarded();
        string[] answers = [.. lambda.LogLines.Select(static line => line.Text).Where(static text => text.StartsWith("one: 4", StringComparison.Ordinal) || text.StartsWith("one: 2", StringComparison.Ordinal))];
        Assert.Collection(
            answers,
            static answer => Assert.Contains("403 {\"errorMessage\":\"State transition to Registered failed for extension one\",\"errorType\":\"Extension.InvalidExtensionState\"", answer, StringComparison.Ordinal),
            static answer => Assert.Contains("403 {\"errorMessage\":\"SHUTDOWN: ShutdownEventNotSupportedForInternalExtension\",\"errorType\":\"Extension.InvalidEventType\"", answer, StringComparison.Ordinal),
            static answer => Assert.Contains("403 {\"errorMessage\":\"LUNCH: ErrorInvalidEventType\",\"errorType\":\"Extension.InvalidEventType\"", answer, StringComparison.Ordinal),
            static answer => Assert.Contains("InvalidRequestFormat", answer, StringComparison.Ordinal),
            static answer => Assert.Contains("Extension.InvalidExtensionName", answer, StringComparison.Ordinal),
            static answer => Assert.Contains("Extension.MissingHeader", answer, StringComparison.Ordinal),
            static answer => Assert.Contains("Extension.InvalidExtensionIdentifier", answer, StringComparison.Ordinal),
            static answer => Assert.Contains("Extension.UnknownExtensionIdentifier", answer, StringComparison.Ordinal),
            static answer => Assert.Contains("202 {\"errorMessage\":\"Telemetry API is not supported\",\"errorType\":\"Telemetry.NotSupported\"", answer, StringComparison.Ordinal),
            static answer => Assert.Contains("202 {\"errorMessage\":\"Logs API is not supported\",\"errorType\":\"Logs.NotSupported\"", answer, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_internal_extension_may_ask_for_invocations()
    {
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options("""[{"registerForInvoke":1}]"""));
        InvokeResult result = await lambda.InvokeAsync("{}").Guarded();
        LogLine line = await lambda.WaitForLogAsync(static line => line.Text.StartsWith("internal: {", StringComparison.Ordinal)).Guarded();
        Assert.Contains(result.RequestId, line.Text, StringComparison.Ordinal);
        await lambda.WaitUntilAsync(static all => all is [{ State: EnvironmentState.Frozen }]).Guarded();
    }

    [Fact]
    public async Task Several_extensions_are_all_waited_for()
    {
        Copy("two");
        await using LocalLambda lambda = await StartAsync("{}");
        await lambda.InvokeAsync("{}").Guarded();
        await lambda.WaitUntilAsync(static all => all is [{ State: EnvironmentState.Frozen }]).Guarded();
        Assert.Contains(lambda.LogLines, static line => line.Text.StartsWith("one: event ", StringComparison.Ordinal));
        Assert.Contains(lambda.LogLines, static line => line.Text.StartsWith("two: event ", StringComparison.Ordinal));
        Assert.Contains(lambda.LogLines, static line => line.Text == "EXTENSION\tName: two\tState: Ready\tEvents: [INVOKE, SHUTDOWN]");
    }

    private async Task<LocalLambda> StartAsync(
        string script, string? init = null, TimeSpan? timeout = null, FreezeMethod method = FreezeMethod.Auto)
    {
        Copy("one");
        return await LocalLambda.StartAsync(Options(init, ("EXTENSION_one", script)) with
        {
            ExtensionsDirectory = _folder, Timeout = timeout ?? Guard, FreezeMethod = method,
        });
    }

    private void Copy(string name)
    {
        string file = Path.Combine(_folder, name);
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Emulator", "bootstraps", "extension"), file);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    private static async Task ShutdownAsync(LocalLambda lambda)
    {
        await lambda.WaitUntilAsync(static all => all is [{ State: EnvironmentState.Frozen }]).Guarded();
        await lambda.ShutdownEnvironmentAsync(lambda.Environments[0].Id).Guarded();
    }

    /// <summary>The JSON that the extension said after the words.</summary>
    private static async Task<JsonElement> SaidAsync(LocalLambda lambda, string words, string? after = null)
    {
        LogLine line = await lambda.WaitForLogAsync(line => line.Text.StartsWith($"one: {words}", StringComparison.Ordinal)).Guarded();
        return JsonSerializer.Deserialize<JsonElement>(line.Text[$"one: {after ?? words}".Length..]);
    }
}
