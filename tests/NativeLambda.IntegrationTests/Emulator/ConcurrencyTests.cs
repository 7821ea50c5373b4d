using Microsoft.Extensions.Time.Testing;
using NativeLambda.Emulator;
using NativeLambda.Emulator.Environments;
using NativeLambda.Emulator.Functions;
using static NativeLambda.IntegrationTests.Emulator.LambdaFixtures;

namespace NativeLambda.IntegrationTests.Emulator;

public sealed class ConcurrencyTests
{
    private const string Park = """[{"print":"parked"},{"hang":1}]""";

    [Fact]
    public async Task Provisioned_environments_are_ready_before_any_invocation_and_serve_first()
    {
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options() with { ProvisionedConcurrency = 2 });
        IReadOnlyList<EnvironmentSnapshot> ready = await ReadyAsync(lambda, 2);
        InvokeResult[] results = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => lambda.InvokeAsync(Steps("""[{"sleep":200},{"echo":1}]""")))).Guarded();
        Assert.Equal(
            ["on-demand", "provisioned-concurrency", "provisioned-concurrency"],
            results.Select(result => result.Json().GetProperty("environment").GetProperty("AWS_LAMBDA_INITIALIZATION_TYPE").GetString()).Order());
        // The one on demand was used as recently as they were, and waits all the same.
        for (int round = 0; round < 3; round++)
        {
            // Who has just answered may not be ready for the next yet: then the others serve it, that on demand included.
            await lambda.WaitUntilAsync(environments => environments.All(environment => environment.State == EnvironmentState.Frozen)).Guarded();
            int pid = (await lambda.InvokeAsync("{}").Guarded()).Json().GetProperty("pid").GetInt32();
            Assert.Contains(pid, ready.Select(environment => environment.ProcessId!.Value));
        }
    }

    [Fact]
    public async Task A_provisioned_environment_that_dies_is_replaced()
    {
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options() with { ProvisionedConcurrency = 2 });
        IReadOnlyList<EnvironmentSnapshot> first = await ReadyAsync(lambda, 2);
        await lambda.KillAsync(first[0].Id).Guarded();
        IReadOnlyList<EnvironmentSnapshot> second = await ReadyAsync(lambda, 2);
        Assert.DoesNotContain(first[0].Id, second.Select(environment => environment.Id));
        Assert.Contains(first[1].Id, second.Select(environment => environment.Id));
        // Its process alone, as by a crash between two invocations.
        Assert.Equal(0, NativeLambda.Emulator.Processes.NativeMethods.Kill(first[1].ProcessId!.Value, 9));
        await lambda.WaitUntilAsync(environments => environments.All(environment => environment.Id != first[1].Id)).Guarded();
        await ReadyAsync(lambda, 2);
    }

    [Fact]
    public async Task A_provisioned_environment_whose_Init_fails_is_tried_again_after_a_pause()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        await using LocalLambda lambda = await LocalLambda.StartAsync(
            Options("""[{"exit":3}]""") with { ProvisionedConcurrency = 1, TimeProvider = time });
        for (int attempt = 1; attempt <= 3; attempt++)
        {
            int wanted = attempt;
            await Eventually(() => lambda.LogLines.Count(line => line.Text == "the provisioned environment could not be started: Runtime.ExitError") == wanted, $"attempt {wanted}");
            // The pauses double: 1 s, 2 s, 4 s. Whatever moment the pause began at, it is over by then.
            await Eventually(
                () =>
                {
                    time.Advance(TimeSpan.FromSeconds(1));
                    return lambda.LogLines.Count(line => line.Text.StartsWith("INIT_REPORT", StringComparison.Ordinal)) > wanted;
                },
                $"attempt {wanted + 1}");
        }
    }

    [Fact]
    public async Task Reserved_concurrency_caps_the_function_and_none_at_all_stops_it()
    {
        FunctionOptions function = Options();
        await using LocalLambda lambda = await LocalLambda.StartAsync(new LocalLambdaOptions
        {
            Functions = [function with { FunctionName = "one", ReservedConcurrency = 1 }, function with { FunctionName = "none", ReservedConcurrency = 0 }],
        });
        await ParkAsync(lambda.Function("one"), lambda);
        InvokeResult second = await lambda.Function("one").InvokeAsync("{}").Guarded();
        Assert.Equal((429, ThrottleReason.ReservedFunctionConcurrentInvocationLimitExceeded), (second.StatusCode, second.ThrottleReason));
        InvokeResult never = await lambda.Function("none").InvokeAsync("{}").Guarded();
        Assert.Equal((429, ThrottleReason.ReservedFunctionConcurrentInvocationLimitExceeded), (never.StatusCode, never.ThrottleReason));
    }

    [Fact]
    public async Task The_accounts_concurrency_is_shared_but_for_what_is_reserved()
    {
        FunctionOptions function = Options();
        await using LocalLambda lambda = await LocalLambda.StartAsync(new LocalLambdaOptions
        {
            AccountConcurrency = 3,
            Functions =
            [
                function with { FunctionName = "greedy" }, function with { FunctionName = "modest" }, function with { FunctionName = "safe", ReservedConcurrency = 1 },
            ],
        });
        await ParkAsync(lambda.Function("greedy"), lambda);
        await ParkAsync(lambda.Function("greedy"), lambda);
        foreach (string name in (string[])["greedy", "modest"])
        {
            InvokeResult throttled = await lambda.Function(name).InvokeAsync("{}").Guarded();
            Assert.Equal((429, ThrottleReason.ConcurrentInvocationLimitExceeded), (throttled.StatusCode, throttled.ThrottleReason));
            Assert.Contains("\"ConcurrentInvocationLimitExceeded\"", throttled.PayloadText, StringComparison.Ordinal);
        }
        Assert.Equal(200, (await lambda.Function("safe").InvokeAsync("{}").Guarded()).StatusCode);
        await lambda.KillAsync(lambda.Function("greedy").Environments[0].Id).Guarded();
        await Eventually(() => lambda.Function("modest").InvokeAsync("{}").GetAwaiter().GetResult().StatusCode == 200, "what was given back is there for others");
    }

    [Fact]
    public async Task New_environments_come_no_faster_than_the_scaling_limit()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options() with { ScalingLimit = 2, TimeProvider = time, Timeout = TimeSpan.FromMinutes(15) });
        await ParkAsync(lambda.Functions[0], lambda);
        await ParkAsync(lambda.Functions[0], lambda);
        InvokeResult throttled = await lambda.InvokeAsync("{}").Guarded();
        Assert.Equal((429, ThrottleReason.ConcurrentInvocationLimitExceeded), (throttled.StatusCode, throttled.ThrottleReason));
        time.Advance(TimeSpan.FromSeconds(5)); // half of the window gives back half
        await ParkAsync(lambda.Functions[0], lambda);
        Assert.Equal(429, (await lambda.InvokeAsync("{}").Guarded()).StatusCode);
    }

    [Fact]
    public async Task More_reserved_than_there_is_in_the_account_is_refused()
    {
        ArgumentException exception = await Assert.ThrowsAsync<ArgumentException>(
            () => LocalLambda.StartAsync(Options() with { ReservedConcurrency = 5, AccountConcurrency = 4 }));
        Assert.Equal("5 are reserved or provisioned, more than the account's concurrency of 4", exception.Message);
    }

    /// <summary>Begins an invocation that does not end.</summary>
    private static async Task ParkAsync(FunctionHost function, LocalLambda lambda)
    {
        int parked = lambda.LogLines.Count(line => line.Text == "parked");
        Task<InvokeResult> invocation = function.InvokeAsync(Steps(Park));
        await Eventually(() => lambda.LogLines.Count(line => line.Text == "parked") > parked, "it is parked");
        Assert.False(invocation.IsCompleted);
    }

    private static Task<IReadOnlyList<EnvironmentSnapshot>> ReadyAsync(LocalLambda lambda, int count) => lambda.WaitUntilAsync(
        environments => environments.Count == count && environments.All(environment => environment.State == EnvironmentState.Frozen)).Guarded();
}
