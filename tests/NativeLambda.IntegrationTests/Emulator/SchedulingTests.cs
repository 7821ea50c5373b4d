using NativeLambda.Emulator;
using NativeLambda.Emulator.Environments;
using static NativeLambda.IntegrationTests.Emulator.LambdaFixtures;

namespace NativeLambda.IntegrationTests.Emulator;

public sealed class SchedulingTests
{
    private const string Park = """[{"print":"parked"},{"sleep":100},{"echo":1}]""";

    [Fact]
    public async Task One_environment_serves_one_invocation_after_the_other()
    {
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options());
        for (int count = 1; count <= 20; count++)
            Assert.Equal(count, (await lambda.InvokeAsync("{}").Guarded()).Json().GetProperty("invocations").GetInt32());
        Assert.Equal(20, Assert.Single(lambda.Environments).Invocations);
    }

    [Fact]
    public async Task As_many_environments_start_as_there_are_concurrent_invocations()
    {
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options());
        InvokeResult[] results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => lambda.InvokeAsync(Steps(Park)))).Guarded();
        Assert.Equal(4, results.Select(result => result.Json().GetProperty("pid").GetInt32()).Distinct().Count());
        Assert.Equal(4, lambda.Environments.Count);
    }

    [Fact]
    public async Task Beyond_the_maximum_concurrency_an_invocation_is_throttled_and_no_environment_starts()
    {
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options() with { MaxConcurrency = 1 });
        Task<InvokeResult> first = lambda.InvokeAsync(Steps("""[{"print":"parked"},{"hang":1}]"""));
        await lambda.WaitForLogAsync(line => line.Text == "parked").Guarded();
        InvokeResult throttled = await lambda.InvokeAsync("{}").Guarded();
        Assert.Equal(429, throttled.StatusCode);
        Assert.Contains("ReservedFunctionConcurrentInvocationLimitExceeded", throttled.PayloadText, StringComparison.Ordinal);
        Assert.Equal(1, Assert.Single(lambda.Environments).Invocations);
        Assert.False(first.IsCompleted);
    }

    [Fact]
    public async Task The_most_recently_used_environment_serves_next()
    {
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options());
        EnvironmentSnapshot older = await lambda.StartEnvironmentAsync().Guarded();
        EnvironmentSnapshot newer = await lambda.StartEnvironmentAsync().Guarded();
        for (int round = 0; round < 3; round++)
        {
            InvokeResult result = await lambda.InvokeAsync("{}").Guarded();
            Assert.Equal(newer.ProcessId, result.Json().GetProperty("pid").GetInt32());
            await lambda.WaitUntilAsync(environments => environments.All(environment => environment.State == EnvironmentState.Frozen)).Guarded();
        }
        Assert.Equal(0, lambda.Environments.Single(environment => environment.Id == older.Id).Invocations);
    }

    [Fact]
    public async Task The_caller_has_its_answer_while_the_environment_is_still_busy()
    {
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options());
        InvokeResult result = await lambda.InvokeAsync(Steps("""[{"respond":"early"},{"hang":1}]""")).Guarded();
        Assert.Equal("\"early\"", result.PayloadText);
        Assert.Equal(EnvironmentState.Busy, lambda.Environments[0].State);
        // It does not come back soon, so the next one gets an environment of its own.
        await lambda.InvokeAsync("{}").Guarded();
        Assert.Equal(2, lambda.Environments.Count);
    }

    [Fact]
    public async Task An_environment_started_early_is_frozen_and_serves_the_first_invocation_without_another_Init()
    {
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options());
        EnvironmentSnapshot early = await lambda.StartEnvironmentAsync().Guarded();
        Assert.Equal(EnvironmentState.Frozen, early.State);
        Assert.NotNull(early.InitDuration);
        InvokeResult result = await lambda.InvokeAsync("{}").Guarded();
        Assert.Equal(early.ProcessId, result.Json().GetProperty("pid").GetInt32());
        Assert.Equal("provisioned-concurrency", result.Json().GetProperty("environment").GetProperty("AWS_LAMBDA_INITIALIZATION_TYPE").GetString());
        Assert.Equal(1, Assert.Single(lambda.Environments).ProcessesStarted);
    }

    [Fact]
    public async Task An_environment_that_is_shut_down_finishes_its_invocation_first()
    {
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options());
        Task<InvokeResult> invocation = lambda.InvokeAsync(Steps(Park));
        await lambda.WaitForLogAsync(line => line.Text == "parked").Guarded();
        await lambda.ShutdownEnvironmentAsync(lambda.Environments[0].Id).Guarded();
        Assert.Null((await invocation.Guarded()).FunctionError);
        Assert.Empty(lambda.Environments);
    }

    [Fact]
    public async Task A_burst_over_several_rounds_answers_every_invocation()
    {
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options() with { MaxConcurrency = 8 });
        for (int round = 0; round < 5; round++)
        {
            InvokeResult[] results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => lambda.InvokeAsync("{}"))).Guarded();
            Assert.All(results, result => Assert.Equal((200, null), (result.StatusCode, result.FunctionError)));
        }
        Assert.InRange(lambda.Environments.Count, 1, 8);
    }
}
