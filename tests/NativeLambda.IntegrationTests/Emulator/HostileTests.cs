using System.Globalization;
using NativeLambda.Emulator;
using NativeLambda.Emulator.Freezing;
using NativeLambda.Emulator.Logging;
using static NativeLambda.IntegrationTests.Emulator.LambdaFixtures;

namespace NativeLambda.IntegrationTests.Emulator;

/// <summary>Bootstraps that do what no bootstrap should: each ends as on Lambda, and the emulator stays up.</summary>
public sealed class HostileTests
{
    private const string Daemon = """{"shell":"setsid sleep 1000 & echo daemon $!"}""";

    [Theory]
    [InlineData(FreezeMethod.Auto)]
    [InlineData(FreezeMethod.Signal)]
    public async Task A_daemon_in_a_session_of_its_own_that_holds_the_output_open_dies_with_the_process_that_left_it(FreezeMethod method)
    {
        Assert.SkipWhen(CgroupMount.FindV1("pids") is null && CgroupMount.FindV2() is null, "no control group that would hold it");
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options() with { FreezeMethod = method });
        InvokeResult result = await lambda.InvokeAsync(Steps($$"""[{{Daemon}},{"exit":1}]""")).Guarded();
        Assert.Equal("Runtime.ExitError", result.ErrorType);
        LogLine line = await lambda.WaitForLogAsync(line => line.Text.StartsWith("daemon ", StringComparison.Ordinal)).Guarded();
        int daemon = int.Parse(line.Text.AsSpan("daemon ".Length), CultureInfo.InvariantCulture);
        await Eventually(() => !IsAlive(daemon), "the daemon ends");
        Assert.Null((await lambda.InvokeAsync("{}").Guarded()).FunctionError);
    }

    [Fact]
    public async Task A_flood_of_output_neither_fills_the_emulators_memory_nor_keeps_others_waiting()
    {
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options());
        await lambda.StartEnvironmentAsync().Guarded();
        await lambda.StartEnvironmentAsync().Guarded();
        Task<InvokeResult> flood = lambda.InvokeAsync(Steps("""[{"shell":"echo floods; yes | head -c 20000000; head -c 60000000 /dev/zero | tr '\\0' x; echo; echo flooded"},{"echo":1}]"""));
        await lambda.WaitForLogAsync(line => line.Text == "y").Guarded();
        Assert.Null((await lambda.InvokeAsync("{}").Guarded()).FunctionError);
        Assert.Null((await flood.Guarded()).FunctionError);
        await lambda.WaitForLogAsync(line => line.Text == "flooded").Guarded();
        Assert.InRange(lambda.LogLines.Sum(line => (long)line.Text.Length), 1, FunctionLog.KeptCharacters);
        Assert.InRange(lambda.LogLines.Count, 1, FunctionLog.Kept);
    }

    [Fact]
    public async Task Who_ignores_SIGTERM_together_with_its_children_is_killed_together_with_them()
    {
        LocalLambda lambda = await LocalLambda.StartAsync(Options("""[{"ignoreTerm":1},{"register":1}]"""));
        int bootstrap = (await lambda.InvokeAsync(Steps("""[{"fork":1},{"shell":"trap '' TERM; sleep 1000 & echo forked"},{"echo":1}]""")).Guarded())
            .Json().GetProperty("pid").GetInt32();
        IReadOnlyList<int> tree = KernelState.Tree(bootstrap);
        await lambda.DisposeAsync().AsTask().Guarded();
        Assert.All(tree, member => Assert.False(IsAlive(member)));
    }
}
