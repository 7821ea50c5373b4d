using System.Globalization;
using NativeLambda.Demo.Staging;
using NativeLambda.Demo.Telling;
using NativeLambda.Emulator.Environments;

namespace NativeLambda.Demo.Steps;

/// <summary>A freeze long enough that the connection is asked, not merely looked at.</summary>
internal sealed class FreezeAndThaw : IStep
{
    private static readonly TimeSpan Freeze = TimeSpan.FromSeconds(3);

    public string Title => "Frozen for 3 s, thawed: the same backend serves on";

    public async Task RunAsync(Stage stage, Narrator narrator, CancellationToken cancellation)
    {
        EnvironmentSnapshot environment = await stage.OnlyFrozenAsync(cancellation);
        int processId = environment.ProcessId ?? throw new StageException("the environment has no process");
        int backend = (await stage.Control.BackendsAsync(cancellation)) is [var only] ? only.Pid : throw new StageException("there is more than one backend, or none");

        KernelState begin = KernelState.Read(environment.FreezeMethod, processId);
        string scheduleBefore = KernelState.Schedule(processId);
        await Task.Delay(Freeze, TimeProvider.System, cancellation);
        string scheduleAfter = KernelState.Schedule(processId);
        KernelState end = KernelState.Read(environment.FreezeMethod, processId);
        narrator.Fact("the kernel says", end.Evidence);
        narrator.Claim("the process stood still, at the beginning and at the end", begin.IsFrozen && end.IsFrozen, "frozen, frozen", $"{begin.Evidence}, {end.Evidence}");
        narrator.Claim("none of its threads got a nanosecond of CPU time between", scheduleBefore, scheduleAfter);

        (Answer answer, ConnectionReport report) = await stage.ConnectionAsync(cancellation);
        narrator.Request(answer, string.Create(CultureInfo.InvariantCulture, $"check: {report.Check}, gapMs: {report.GapMs:0}, backend {report.BackendPid}"));
        narrator.Claim("the same backend as before", backend, report.BackendPid);
        narrator.Claim("after a gap of over 1 s it was asked by one round trip", "ping", report.Check);
        narrator.Claim("the function noticed the whole gap", report.GapMs >= Freeze.TotalMilliseconds, "3000 ms or more", Figures.Milliseconds(report.GapMs));
        narrator.Claim("still the first connection", 1, report.Opens);
    }
}
