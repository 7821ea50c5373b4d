using NativeLambda.Benchmarks;
using NativeLambda.Benchmarks.Measuring;
using NativeLambda.Emulator.Processes;

namespace NativeLambda.Tests.Benchmarks;

/// <summary>Real processes, measured from outside.</summary>
public sealed class MeasuredProcessTests
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    [Fact]
    public void Its_CPU_time_grows_with_what_it_does_and_the_children_end_with_it()
    {
        using MeasuredProcess busy = Start("while :; do :; done");
        using MeasuredProcess idle = Start("sleep 1000 & wait");
        Until(() => busy.CpuTime > TimeSpan.FromMilliseconds(20) && ChildOf(idle) is not null);
        int child = ChildOf(idle)!.Value;

        ProcessUsage busyUsage = busy.End(), idleUsage = idle.End();

        Assert.True(busyUsage.Cpu >= TimeSpan.FromMilliseconds(20), busyUsage.ToString());
        Assert.True(idleUsage.Cpu < busyUsage.Cpu, $"{idleUsage} {busyUsage}");
        Assert.True(busyUsage.MinorFaults > 0);
        Until(() => !Directory.Exists($"/proc/{child}") || File.ReadAllText($"/proc/{child}/stat").Contains(") Z ", StringComparison.Ordinal));
    }

    [Fact]
    public void It_finds_nothing_in_its_environment_that_it_was_not_given()
    {
        using MeasuredProcess process = Start("env; exit 0", ("GIVEN", "value"));
        process.WaitForEnd();

        string[] names = [.. process.ReadLog().Split('\n').Select(static line => line.Split('=')[0])];
        Assert.Contains("GIVEN", names);
        Assert.DoesNotContain("HOME", names);
    }

    [Fact]
    public void A_function_that_ends_without_an_answer_is_told_with_its_last_words()
    {
        using var api = new RuntimeApi(TimeProvider.System);
        using MeasuredProcess process = Start("echo no database; exit 3");

        var exception = Assert.Throws<BenchmarkException>(() => api.AwaitNext(process, Guard, TestContext.Current.CancellationToken));
        Assert.Contains("no database", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_function_that_does_nothing_is_given_up()
    {
        using var api = new RuntimeApi(TimeProvider.System);
        using MeasuredProcess process = Start("sleep 1000");

        Assert.Throws<BenchmarkException>(() => api.AwaitNext(process, TimeSpan.FromMilliseconds(1), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Who_cancels_need_not_wait()
    {
        using var api = new RuntimeApi(TimeProvider.System);
        using MeasuredProcess process = Start("sleep 1000");
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => api.AwaitNext(process, Guard, cancelled.Token));
    }

    [Fact]
    public void What_is_no_program_is_told() =>
        Assert.Throws<BenchmarkException>(static () => MeasuredProcess.Start(new SpawnRequest { File = "/nonexistent" }, TimeProvider.System));

    private static MeasuredProcess Start(string script, params (string Name, string Value)[] variables) => MeasuredProcess.Start(
        new SpawnRequest
        {
            File = "/bin/sh",
            Arguments = ["-c", script],
            Environment = new Dictionary<string, string>(variables.Select(static variable => KeyValuePair.Create(variable.Name, variable.Value))) { ["PATH"] = "/usr/bin:/bin" },
        },
        TimeProvider.System);

    private static int? ChildOf(MeasuredProcess process)
    {
        string children = File.ReadAllText($"/proc/{process.Id}/task/{process.Id}/children").Trim();
        return children.Length == 0 ? null : int.Parse(children.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static void Until(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, Guard));
}
