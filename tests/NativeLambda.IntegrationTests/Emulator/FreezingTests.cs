using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using NativeLambda.Emulator;
using NativeLambda.Emulator.Environments;
using NativeLambda.Emulator.Freezing;
using static NativeLambda.IntegrationTests.Emulator.LambdaFixtures;

namespace NativeLambda.IntegrationTests.Emulator;

public sealed class FreezingTests
{
    public static TheoryData<FreezeMethod> Methods => new(FreezeMethod.CgroupV2, FreezeMethod.CgroupV1, FreezeMethod.Signal);

    [Theory, MemberData(nameof(Methods))]
    public async Task Between_invocations_the_process_and_its_children_really_stand_still(FreezeMethod method)
    {
        await using LocalLambda lambda = await StartAsync(method, """[{"fork":1}]""");
        int processId = 0;
        for (int round = 0; round < 3; round++)
        {
            processId = (await lambda.InvokeAsync("{}").Guarded()).Json().GetProperty("pid").GetInt32();
            EnvironmentSnapshot frozen = (await FrozenAsync(lambda))[0];
            Assert.Equal(processId, frozen.ProcessId);
            Assert.Equal(method, frozen.FreezeMethod);
            Assert.True(KernelState.IsFrozen(method, processId));
            IReadOnlyList<int> tree = KernelState.Tree(processId);
            Assert.Equal(2, tree.Count); // the child that it forked
            foreach (int member in tree)
                if (method == FreezeMethod.Signal) Assert.Equal('T', KernelState.StateOf(member));
                else Assert.Equal(KernelState.CgroupOf(processId, Hierarchy(method)), KernelState.CgroupOf(member, Hierarchy(method)));
        }
        Assert.Equal(3, lambda.Environments[0].Invocations);
    }

    [Theory, MemberData(nameof(Methods))]
    public async Task A_timer_of_the_function_does_not_fire_while_it_is_frozen(FreezeMethod method)
    {
        await using LocalLambda lambda = await StartAsync(method, """[{"tick":1}]""");
        await lambda.InvokeAsync("{}").Guarded();
        EnvironmentSnapshot environment = (await FrozenAsync(lambda))[0];
        int processId = environment.ProcessId!.Value;
        string before = ProcessorTime(processId);
        // Another environment lives meanwhile for many of the timer's periods.
        await lambda.StartEnvironmentAsync().Guarded();
        Assert.Equal(before, ProcessorTime(processId)); // not a nanosecond of CPU time, not one time slice
        await lambda.ThawAsync(environment.Id);
        await Eventually(() => ProcessorTime(processId) != before, "it runs on after a thaw");
    }

    [Theory, MemberData(nameof(Methods))]
    public async Task Nobody_escapes_who_is_forking_at_the_moment(FreezeMethod method)
    {
        await using LocalLambda lambda = await StartAsync(method);
        Task<InvokeResult> invocation = lambda.InvokeAsync(Steps("""[{"shell":"echo forking; for a in 1 2 3; do while :; do /bin/true; done & done; wait"}]"""));
        await lambda.WaitForLogAsync(line => line.Text == "forking").Guarded();
        EnvironmentSnapshot environment = lambda.Environments[0];
        for (int round = 0; round < 20; round++)
        {
            await lambda.FreezeAsync(environment.Id).Guarded();
            IReadOnlyList<int> tree = KernelState.Tree(environment.ProcessId!.Value);
            string[] before = [.. tree.Select(ProcessorTime)];
            Assert.Equal(tree, KernelState.Tree(environment.ProcessId!.Value));
            Assert.Equal(before, tree.Select(ProcessorTime));
            if (method == FreezeMethod.Signal) Assert.All(tree, member => Assert.Contains(KernelState.StateOf(member), "TZD")); // D: a parent by vfork until its child runs on
            await lambda.ThawAsync(environment.Id).Guarded();
            await Eventually(() => !KernelState.Tree(environment.ProcessId!.Value).SequenceEqual(tree), "it forks on after a thaw");
        }
        await lambda.KillAsync(environment.Id).Guarded();
        await invocation.Guarded();
    }

    [Theory, MemberData(nameof(Methods))]
    public async Task A_child_that_the_function_has_stopped_stays_stopped_after_a_thaw(FreezeMethod method)
    {
        await using LocalLambda lambda = await StartAsync(method);
        await lambda.InvokeAsync(Steps("""[{"shell":"sleep 1000 & kill -STOP $!; echo child $!"},{"echo":1}]""")).Guarded();
        string line = (await lambda.WaitForLogAsync(line => line.Text.StartsWith("child ", StringComparison.Ordinal)).Guarded()).Text;
        int child = int.Parse(line["child ".Length..], CultureInfo.InvariantCulture);
        await FrozenAsync(lambda);
        Assert.Null((await lambda.InvokeAsync("{}").Guarded()).FunctionError);
        Assert.Equal('T', KernelState.StateOf(child));
    }

    [Theory, MemberData(nameof(Methods))]
    public async Task Disposal_leaves_no_process_and_no_control_group(FreezeMethod method)
    {
        LocalLambda lambda = await StartAsync(method, """[{"fork":1},{"ignoreTerm":1},{"register":1}]""");
        IReadOnlyList<string> groups = lambda.ControlGroups;
        int processId = (await lambda.InvokeAsync("{}").Guarded()).Json().GetProperty("pid").GetInt32();
        await FrozenAsync(lambda);
        IReadOnlyList<int> tree = [.. KernelState.Tree(processId), lambda.WatchdogProcessId];
        Assert.Equal(3, tree.Count);
        await lambda.DisposeAsync();
        Assert.All(tree, member => Assert.False(IsAlive(member)));
        Assert.All(groups, group => Assert.False(Directory.Exists(group)));
    }

    [Fact]
    public async Task With_control_groups_not_even_a_child_in_a_session_of_its_own_escapes()
    {
        LocalLambda lambda = await StartAsync(FreezeMethod.CgroupV2, """[{"daemon":1}]""");
        int processId = (await lambda.InvokeAsync("{}").Guarded()).Json().GetProperty("pid").GetInt32();
        await FrozenAsync(lambda);
        IReadOnlyList<int> tree = KernelState.Tree(processId);
        Assert.Equal(2, tree.Count);
        await lambda.DisposeAsync();
        Assert.All(tree, member => Assert.False(IsAlive(member)));
    }

    [Theory, MemberData(nameof(Methods))]
    public async Task A_frozen_environment_can_be_killed(FreezeMethod method)
    {
        await using LocalLambda lambda = await StartAsync(method);
        await lambda.InvokeAsync("{}").Guarded();
        EnvironmentSnapshot environment = (await FrozenAsync(lambda))[0];
        await lambda.KillAsync(environment.Id).Guarded();
        Assert.False(IsAlive(environment.ProcessId!.Value));
        Assert.Empty(lambda.Environments);
    }

    [Theory, MemberData(nameof(Methods))]
    public async Task An_invocation_frozen_by_hand_stands_still_until_it_is_thawed(FreezeMethod method)
    {
        await using LocalLambda lambda = await StartAsync(method);
        Task<InvokeResult> invocation = lambda.InvokeAsync(Steps("""[{"print":"running"},{"sleep":1},{"echo":1}]"""));
        await lambda.WaitForLogAsync(line => line.Text == "running").Guarded();
        EnvironmentSnapshot environment = lambda.Environments[0];
        await lambda.FreezeAsync(environment.Id).Guarded();
        Assert.True(KernelState.IsFrozen(method, environment.ProcessId!.Value));
        await lambda.ThawAsync(environment.Id).Guarded();
        Assert.Equal(200, (await invocation.Guarded()).StatusCode);
    }

    [Theory, MemberData(nameof(Methods))]
    public async Task An_invocation_that_stays_frozen_past_its_deadline_is_a_timeout(FreezeMethod method)
    {
        SkipUnlessAvailable(method);
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options() with { FreezeMethod = method, TimeProvider = time });
        Task<InvokeResult> invocation = lambda.InvokeAsync(Steps("""[{"print":"running"},{"hang":1}]"""));
        await lambda.WaitForLogAsync(line => line.Text == "running").Guarded();
        EnvironmentSnapshot environment = lambda.Environments[0];
        await lambda.FreezeAsync(environment.Id).Guarded();
        time.Advance(Guard);
        Assert.Equal("Sandbox.Timedout", (await invocation.Guarded()).ErrorType);
        Assert.False(IsAlive(environment.ProcessId!.Value));
        Assert.Null((await lambda.InvokeAsync("{}").Guarded()).FunctionError); // not frozen for ever: Init runs again in it
    }

    [Fact]
    public async Task A_frozen_environment_whose_process_is_killed_from_outside_starts_a_new_one_for_the_next_invocation()
    {
        await using LocalLambda lambda = await StartAsync(FreezeMethod.Signal);
        int first = (await lambda.InvokeAsync("{}").Guarded()).Json().GetProperty("pid").GetInt32();
        await FrozenAsync(lambda);
        using (var process = System.Diagnostics.Process.GetProcessById(first)) process.Kill();
        await lambda.WaitUntilAsync(environments => environments[0].State == EnvironmentState.Reset).Guarded();
        InvokeResult result = await lambda.InvokeAsync("{}").Guarded();
        Assert.Null(result.FunctionError);
        Assert.NotEqual(first, result.Json().GetProperty("pid").GetInt32());
        Assert.Equal(2, Assert.Single(lambda.Environments).ProcessesStarted);
    }

    private static string ProcessorTime(int processId) => File.ReadAllText($"/proc/{processId}/schedstat");

    private static string Hierarchy(FreezeMethod method) => method == FreezeMethod.CgroupV2 ? "0::" : ":freezer:";

    private static Task<IReadOnlyList<EnvironmentSnapshot>> FrozenAsync(LocalLambda lambda) =>
        lambda.WaitUntilAsync(environments => environments.All(environment => environment.State == EnvironmentState.Frozen)).Guarded();

    private static async Task<LocalLambda> StartAsync(FreezeMethod method, string? init = null)
    {
        SkipUnlessAvailable(method);
        return await LocalLambda.StartAsync(Options(init) with { FreezeMethod = method });
    }

    private static void SkipUnlessAvailable(FreezeMethod method)
    {
        if (method == FreezeMethod.CgroupV2) Assert.SkipWhen(CgroupMount.FindV2() is null, "control group v2 is not writable here");
        if (method == FreezeMethod.CgroupV1) Assert.SkipWhen(CgroupMount.FindV1() is null, "the control group v1 freezer is not writable here");
    }
}
