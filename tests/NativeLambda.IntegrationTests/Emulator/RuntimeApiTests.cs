using System.Text.Json;
using NativeLambda.Emulator;
using static NativeLambda.IntegrationTests.Emulator.LambdaFixtures;

namespace NativeLambda.IntegrationTests.Emulator;

public sealed class RuntimeApiTests
{
    [Fact]
    public async Task The_function_sees_Lambdas_variables_and_its_own_and_nothing_of_the_emulators()
    {
        await using LocalLambda lambda = await LocalLambda.StartAsync(
            Options(init: null, ("MINE", "a=b c")) with { FunctionName = "orders", MemorySizeMb = 512, Handler = "my.handler", Region = "eu-west-1" });
        JsonElement echo = (await lambda.InvokeAsync("{}").Guarded()).Json();
        JsonElement environment = echo.GetProperty("environment");
        Assert.Equal("a=b c", environment.GetProperty("MINE").GetString());
        Assert.Equal("orders", environment.GetProperty("AWS_LAMBDA_FUNCTION_NAME").GetString());
        Assert.Equal("$LATEST", environment.GetProperty("AWS_LAMBDA_FUNCTION_VERSION").GetString());
        Assert.Equal("512", environment.GetProperty("AWS_LAMBDA_FUNCTION_MEMORY_SIZE").GetString());
        Assert.Equal("eu-west-1", environment.GetProperty("AWS_REGION").GetString());
        Assert.Equal("/aws/lambda/orders", environment.GetProperty("AWS_LAMBDA_LOG_GROUP_NAME").GetString());
        Assert.Matches(@"^\d{4}/\d\d/\d\d/\[\$LATEST\][0-9a-f]{32}$", environment.GetProperty("AWS_LAMBDA_LOG_STREAM_NAME").GetString());
        Assert.Equal("on-demand", environment.GetProperty("AWS_LAMBDA_INITIALIZATION_TYPE").GetString());
        Assert.Equal("my.handler", environment.GetProperty("_HANDLER").GetString());
        Assert.Equal(Path.GetDirectoryName(Obedient), environment.GetProperty("LAMBDA_TASK_ROOT").GetString());
        Assert.Equal(Path.GetDirectoryName(Obedient), echo.GetProperty("directory").GetString());
        string[] known =
        [
            "PATH", "MINE", "LANG", "TZ", "LD_LIBRARY_PATH", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR", "_HANDLER", "_",
        ];
        Assert.All(environment.EnumerateObject(), variable =>
            Assert.True(known.Contains(variable.Name) || variable.Name.StartsWith("AWS_", StringComparison.Ordinal), variable.Name));
    }

    [Fact]
    public async Task A_response_of_6_MB_passes_and_a_byte_over_the_limit_is_refused_and_the_runtime_goes_on()
    {
        const int Limit = 6 * 1024 * 1024 + 100;
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options());
        Assert.Equal(Limit, (await lambda.InvokeAsync(Steps($$"""[{"respondOfSize":{{Limit}}}]""")).Guarded()).Payload.Length);
        InvokeResult tooLarge = await lambda.InvokeAsync(Steps($$"""[{"respondOfSize":{{Limit + 1}}}]""")).Guarded();
        Assert.Equal("Unhandled", tooLarge.FunctionError);
        Assert.Equal("Function.ResponseSizeTooLarge", tooLarge.Json().GetProperty("errorType").GetString());
        JsonElement echo = (await lambda.InvokeAsync("{}").Guarded()).Json();
        Assert.Equal([202, 413], echo.GetProperty("answers").Deserialize<int[]>()!);
        Assert.Single(lambda.Environments);
    }

    [Fact]
    public async Task A_response_to_another_request_is_refused_and_one_after_the_response_is_no_transition()
    {
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options());
        InvokeResult result = await lambda.InvokeAsync(
            Steps("""[{"respondTo":"00000000-0000-0000-0000-000000000000"},{"respond":"first"},{"respond":"second"},{"fail":{"errorType":"Late"}}]"""),
            new InvokeOptions { LogTail = true }).Guarded();
        Assert.Equal("\"first\"", result.PayloadText);
        Assert.Null(result.FunctionError);
        JsonElement echo = (await lambda.InvokeAsync("{}").Guarded()).Json();
        Assert.Equal([400, 202, 403, 403], echo.GetProperty("answers").Deserialize<int[]>()!);
    }

    [Fact]
    public async Task An_invocation_error_is_what_the_caller_gets_and_the_environment_lives_on()
    {
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options());
        InvokeResult result = await lambda.InvokeAsync(
            Steps("""[{"fail":{"errorType":"Orders.Closed","errorMessage":"come tomorrow"}}]"""), new InvokeOptions { LogTail = true }).Guarded();
        Assert.Equal("Unhandled", result.FunctionError);
        Assert.Equal("Orders.Closed", result.ErrorType);
        Assert.Equal("""{"errorType":"Orders.Closed","errorMessage":"come tomorrow"}""", result.PayloadText);
        Assert.Contains("Status: error\tError Type: Orders.Closed", result.LogTail, StringComparison.Ordinal);
        Assert.Equal(2, (await lambda.InvokeAsync("{}").Guarded()).Json().GetProperty("invocations").GetInt32());
    }

    [Fact]
    public async Task An_internal_extension_registers_once_and_for_no_event()
    {
        await using LocalLambda lambda = await LocalLambda.StartAsync(
            Options("""[{"register":1},{"registerWith":["SHUTDOWN"]},{"registerWith":[]},{"registerWith":[]}]"""));
        // The second of the name "other" is refused, and the one that is registered never asks for its event: Init is not over.
        Task<InvokeResult> invocation = lambda.InvokeAsync("{}");
        await lambda.WaitUntilAsync(environments => environments is [{ State: NativeLambda.Emulator.Environments.EnvironmentState.Initializing }]).Guarded();
        Assert.False(invocation.IsCompleted);
    }

    [Fact]
    public async Task An_extension_is_registered_before_the_first_invocation_only()
    {
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options("""[{"register":1},{"registerWith":["SHUTDOWN"]}]"""));
        await lambda.InvokeAsync(Steps("""[{"registerWith":[]},{"respond":1}]""")).Guarded();
        JsonElement echo = (await lambda.InvokeAsync("{}").Guarded()).Json();
        Assert.Equal([200, 403, 403, 202], echo.GetProperty("answers").Deserialize<int[]>()!);
    }
}
