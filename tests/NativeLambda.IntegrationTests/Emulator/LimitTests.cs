using System.Globalization;
using NativeLambda.Emulator;
using NativeLambda.Emulator.Freezing;
using NativeLambda.Emulator.Sandboxing;
using static NativeLambda.IntegrationTests.Emulator.LambdaFixtures;

namespace NativeLambda.IntegrationTests.Emulator;

/// <summary>What the processes of an environment may use together, by the kernel's word.</summary>
public sealed class LimitTests
{
    [Fact]
    public async Task A_function_that_outgrows_its_memory_size_ends_with_an_out_of_memory_error_and_starts_again()
    {
        SkipUnlessLimited("memory");
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options() with { MemorySizeMb = 200 });
        InvokeResult result = await lambda.InvokeAsync(Steps("""[{"allocate":400}]"""), new InvokeOptions { LogTail = true }).Guarded();
        Assert.Equal("Unhandled", result.FunctionError);
        Assert.Equal(
            $$"""{"errorType":"Runtime.OutOfMemory","errorMessage":"RequestId: {{result.RequestId}} Error: Runtime exited with error: signal: killed"}""",
            result.PayloadText);
        Assert.Contains("Memory Size: 200 MB\tMax Memory Used: 200 MB\t", result.LogTail, StringComparison.Ordinal);
        Assert.Contains("Status: error\tError Type: Runtime.OutOfMemory\t", result.LogTail, StringComparison.Ordinal);
        Assert.Null((await lambda.InvokeAsync("{}").Guarded()).FunctionError);
    }

    [Fact]
    public async Task A_function_killed_by_somebody_else_is_not_out_of_memory()
    {
        SkipUnlessLimited("memory");
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options() with { MemorySizeMb = 200 });
        await lambda.InvokeAsync(Steps("""[{"allocate":400}]""")).Guarded();
        Assert.Equal("Runtime.ExitError", (await lambda.InvokeAsync(Steps("""[{"signal":"SIGKILL"}]""")).Guarded()).ErrorType);
    }

    [Fact]
    public async Task Memory_that_a_child_held_counts_as_the_environments()
    {
        SkipUnlessLimited("memory");
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options() with { MemorySizeMb = 1024 });
        InvokeResult result = await lambda.InvokeAsync(
            Steps("""[{"shell":"head -c 300000000 /dev/zero | tail >/dev/null"},{"echo":1}]"""), new InvokeOptions { LogTail = true }).Guarded();
        Assert.InRange(MaxMemoryUsed(result.LogTail!), 286, 600); // 300 million bytes are 286 MB
    }

    [Fact]
    public async Task Out_of_memory_in_Init_is_reported_there()
    {
        SkipUnlessLimited("memory");
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options("""[{"allocate":400}]""") with { MemorySizeMb = 200 });
        InvokeResult result = await lambda.InvokeAsync("{}").Guarded();
        Assert.Equal("Runtime.OutOfMemory", result.ErrorType);
        Assert.Contains(lambda.LogLines, line => line.Text.EndsWith("Phase: init\tStatus: error\tError Type: Runtime.OutOfMemory\t", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_processors_are_shared_by_memory_size_after_Init_and_are_all_there_in_Init()
    {
        SkipUnlessLimited("cpu");
        string mark = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await using LocalLambda lambda = await LocalLambda.StartAsync(
            Options($$"""[{"print":"Init"},{"waitFor":"{{mark}}"}]""") with { MemorySizeMb = 354, Cpu = CpuShare.ByMemorySize });
        Task<InvokeResult> invocation = lambda.InvokeAsync(Steps("""[{"echo":1}]"""));
        await lambda.WaitForLogAsync(line => line.Text == "Init").Guarded();
        int processId = lambda.Environments[0].ProcessId!.Value;
        Assert.Equal("-1", Quota(processId));
        await File.WriteAllTextAsync(mark, "");
        await invocation.Guarded();
        File.Delete(mark);
        Assert.Equal("4002", Quota(processId)); // of 20,000 µs: 354 / 1769
    }

    [Fact]
    public async Task With_all_processors_for_good_the_function_stays_in_the_emulators_cpu_group()
    {
        SkipUnlessLimited("cpu");
        Assert.SkipWhen(CgroupMount.FindV1("cpu") is null, "in version 2 an environment has one group for everything");
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options() with { Cpu = CpuShare.Full });
        await lambda.InvokeAsync("{}").Guarded();
        int processId = lambda.Environments[0].ProcessId!.Value;
        Assert.Equal(KernelState.CgroupOf(Environment.ProcessId, ":cpu:"), KernelState.CgroupOf(processId, ":cpu:"));
        Assert.EndsWith(lambda.Environments[0].Id, KernelState.CgroupOf(processId, ":pids:"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_small_function_really_gets_less_of_a_processor()
    {
        SkipUnlessLimited("cpu");
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options() with { MemorySizeMb = 354, Cpu = CpuShare.ByMemorySize });
        InvokeResult result = await lambda.InvokeAsync(Steps("""[{"burn":500},{"echo":1}]""")).Guarded();
        // A fifth of a processor, plus one period's quota at the beginning.
        Assert.InRange(result.Json().GetProperty("share").GetDouble(), 0.01, 0.35);
    }

    [Fact]
    public async Task A_fork_bomb_ends_at_Lambdas_1024_processes_and_is_killed_with_its_environment()
    {
        SkipUnlessLimited("pids");
        LocalLambda lambda = await LocalLambda.StartAsync(Options() with { MemorySizeMb = 2048, Timeout = TimeSpan.FromSeconds(5) });
        InvokeResult result = await lambda.InvokeAsync(Steps("""[{"shell":"bomb() { bomb | bomb & }; bomb"},{"hang":1}]""")).Guarded();
        Assert.Equal("Sandbox.Timedout", result.ErrorType);
        InvokeResult next = await lambda.InvokeAsync(Steps("""[{"echo":1}]""")).Guarded();
        Assert.Null(next.FunctionError);
        string group = KernelState.CgroupOf(next.Json().GetProperty("pid").GetInt32(), CgroupMount.FindV1("pids") is null ? "0::" : ":pids:");
        Assert.Equal("1024", (await File.ReadAllTextAsync(Path.Combine(group, "pids.max"))).Trim());
        Assert.NotEqual("max 0", (await File.ReadAllTextAsync(Path.Combine(group, "pids.events"))).Trim()); // how often somebody met it
        IReadOnlyList<string> groups = lambda.ControlGroups;
        await lambda.DisposeAsync().AsTask().Guarded();
        Assert.All(groups, group => Assert.False(Directory.Exists(group)));
    }

    private static int MaxMemoryUsed(string log)
    {
        string text = log[(log.IndexOf("Max Memory Used: ", StringComparison.Ordinal) + "Max Memory Used: ".Length)..];
        return int.Parse(text[..text.IndexOf(' ', StringComparison.Ordinal)], CultureInfo.InvariantCulture);
    }

    private static string Quota(int processId)
    {
        if (CgroupMount.FindV1("cpu") is null) return File.ReadAllText(Path.Combine(KernelState.CgroupOf(processId, "0::"), "cpu.max")).Split(' ')[0].Replace("max", "-1", StringComparison.Ordinal);
        return File.ReadAllText(Path.Combine(KernelState.CgroupOf(processId, ":cpu:"), "cpu.cfs_quota_us")).Trim();
    }

    private static void SkipUnlessLimited(string controller) => Assert.SkipWhen(
        CgroupMount.FindV1(controller) is null && (CgroupMount.FindV2() is not { } group || !CgroupControllers.CanEnable(group)),
        $"the control group controller {controller} may not be used here");
}
