using System.Globalization;
using System.IO.Pipes;
using Microsoft.Win32.SafeHandles;
using NativeLambda.Emulator.Freezing;
using NativeLambda.Emulator.Processes;
using NativeLambda.Emulator.Sandboxing;

namespace NativeLambda.Benchmarks.Measuring;

/// <summary>Starts functions cold with the CPU share that Lambda gives to a memory size, by the emulator's own control groups.</summary>
internal sealed class ThrottledStarter : IDisposable
{
    // The shell enters the groups, and becomes the function when it is told to: what it does before is measured by nobody, and its own
    // share of the processors is full again by then.
    private const string Gate =
        "program=$1; shift; for file in \"$@\"; do echo $$ >\"$file\" || exit 126; done; unset PWD OLDPWD SHLVL; read -r go; exec \"$program\" </dev/null";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan TwoPeriods = TimeSpan.FromMicroseconds(2 * CpuController.PeriodUs);

    private readonly FreezerFactory _freezers;
    private readonly LimitsFactory _limits;
    private readonly TimeProvider _time;
    private int _count;

    private ThrottledStarter(FreezerFactory freezers, LimitsFactory limits, TimeProvider time) => (_freezers, _limits, _time) = (freezers, limits, time);

    /// <summary>Makes the control groups.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="reason">Why there are none.</param>
    /// <returns>Nothing where this machine lets nobody limit the CPU.</returns>
    public static ThrottledStarter? TryCreate(TimeProvider time, out string reason)
    {
        FreezerFactory freezers = FreezerFactory.Create(FreezeMethod.Auto);
        LimitsFactory limits = LimitsFactory.Create(freezers);
        reason = limits.Missing.Contains("CPU") ? "no control group of the CPU controller may be written here (root can)" : "";
        if (reason.Length == 0) return new ThrottledStarter(freezers, limits, time);
        limits.Dispose();
        freezers.Dispose();
        return null;
    }

    /// <summary>Measures one cold start.</summary>
    /// <param name="function">What is started.</param>
    /// <param name="memorySizeMb">By which the CPU share and the memory are limited.</param>
    /// <param name="throttledInit">Whether the share is already that in Init, where Lambda gives all of a processor.</param>
    /// <param name="body">The event.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>From exec until the first answer.</returns>
    /// <exception cref="BenchmarkException">The function fails.</exception>
    public async Task<TimeSpan> MeasureAsync(
        FunctionProgram function, int memorySizeMb, bool throttledInit, byte[] body, CancellationToken cancellationToken)
    {
        string id = string.Create(CultureInfo.InvariantCulture, $"bench-{++_count}");
        await using IFreezer freezer = _freezers.CreateFreezer(id);
        await using EnvironmentLimits limits = _limits.CreateLimits(id, ResourceLimits.Of(memorySizeMb, CpuShare.ByMemorySize));
        string[] memberships = [.. freezer.MembershipFiles, .. limits.MembershipFiles];
        using var api = new RuntimeApi(_time);
        SpawnRequest request = (function with { MemorySizeMb = memorySizeMb }).Spawn(api.Authority);
        limits.Begin(fullCpu: !throttledInit);

        using var gate = new AnonymousPipeServerStream(PipeDirection.Out, HandleInheritability.None);
        using var input = new SafeFileHandle(gate.ClientSafePipeHandle.DangerousGetHandle(), ownsHandle: false);
        using MeasuredProcess process = MeasuredProcess.Start(
            request with { File = "/bin/sh", Arguments = ["-c", Gate, "bootstrap", request.File, .. memberships] }, _time, input);
        gate.DisposeLocalCopyOfClientHandle();
        string lastGroup = memberships[^1];
        if (!await KernelWait.UntilAsync(() => CgroupDirectory.Processes(Path.GetDirectoryName(lastGroup)!).Contains(process.Id), cancellationToken))
            throw new BenchmarkException($"the function does not enter {lastGroup}: {process.ReadLog()}");
        await Task.Delay(TwoPeriods, _time, cancellationToken);

        long start = _time.GetTimestamp();
        gate.WriteByte((byte)'\n');
        api.AwaitNext(process, Patience, cancellationToken);
        limits.LimitCpu();
        Invocation first = api.Invoke(body, process, Patience, cancellationToken);
        // It would need its share to die with, too.
        limits.PrepareToKill();
        process.End();
        return _time.GetElapsedTime(start, first.AnsweredAt);
    }

    public void Dispose()
    {
        _limits.Dispose();
        _freezers.Dispose();
    }
}
