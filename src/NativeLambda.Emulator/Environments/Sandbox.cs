using System.Collections.Concurrent;
using NativeLambda.Emulator.Freezing;
using NativeLambda.Emulator.Processes;
using NativeLambda.Emulator.Sandboxing;

namespace NativeLambda.Emulator.Environments;

/// <summary>The processes of an execution environment: starts the bootstrap, freezes, thaws and ends it with all its children.</summary>
internal sealed class Sandbox(
    ProcessMonitor monitor, Watchdog watchdog, IFreezer freezer, EnvironmentLimits limits, Func<EnvironmentSpace> createSpace) : IAsyncDisposable
{
    private const int BytesPerMegabyte = 1024 * 1024;

    private readonly ConcurrentDictionary<string, ChildProcess> _extensions = [];
    private ChildProcess? _process;
    private EnvironmentSpace? _space;
    private int _maxMemoryUsedMb;

    public FreezeMethod FreezeMethod => freezer.Method;

    public IReadOnlyList<string> MembershipFiles => [.. freezer.MembershipFiles, .. limits.MembershipFiles];

    /// <summary>The bootstrap's process id; nothing while there is none.</summary>
    public int? ProcessId => Volatile.Read(ref _process)?.Id;

    /// <summary>Whether the process has ended by itself.</summary>
    public bool HasExited => Volatile.Read(ref _process) is not { Exited.IsCompleted: false };

    /// <summary>Before the first start: makes what the environment sees of files and network, which is no part of Init.</summary>
    /// <exception cref="SandboxException">The kernel refuses.</exception>
    public void Prepare() => _space ??= createSpace();

    /// <summary>Starts the bootstrap; the last one must have been stopped.</summary>
    /// <param name="request">What to start.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be started.</exception>
    public ChildProcess Start(SpawnRequest request)
    {
        ChildProcess process = StartProcess(request);
        Volatile.Write(ref _process, process);
        return process;
    }

    /// <summary>Prepares for processes; the last ones must have been stopped.</summary>
    /// <param name="fullCpu">Whether they may use all processors until <see cref="EndInit"/>.</param>
    public void Begin(bool fullCpu)
    {
        limits.Begin(fullCpu);
        _maxMemoryUsedMb = 0;
    }

    /// <summary>Starts an external extension beside the bootstrap.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be started.</exception>
    public ChildProcess StartExtension(string name, SpawnRequest request) => _extensions[name] = StartProcess(request);

    /// <summary>From here on the processes have the processors by the function's share.</summary>
    public void EndInit() => limits.LimitCpu();

    /// <summary>Says of a process that has ended whether the memory limit was the reason.</summary>
    public ExitStatus Explain(ExitStatus status) => status with { OutOfMemory = status.WasKilled && limits.RanOutOfMemory() };

    public async Task FreezeAsync()
    {
        await freezer.FreezeAsync(CancellationToken.None);
        _space?.Freeze();
    }

    public void Thaw()
    {
        _space?.Thaw();
        freezer.Thaw();
    }

    /// <summary>Reads what the process has written so far.</summary>
    public void DrainOutput()
    {
        Volatile.Read(ref _process)?.Output.Drain();
        Volatile.Read(ref _process)?.Error.Drain();
        foreach (ChildProcess extension in _extensions.Values)
        {
            extension.Output.Drain();
            extension.Error.Drain();
        }
    }

    /// <summary>The most memory that the environment held at once since its process was started, in MB rounded up.</summary>
    public int ReadMaxMemoryUsedMb()
    {
        if (Volatile.Read(ref _process) is not { } process) return _maxMemoryUsedMb;
        long bytes = Math.Max(ProcessMemory.ReadPeak(process.Id) ?? 0, limits.ReadPeakMemory() ?? 0);
        return _maxMemoryUsedMb = Math.Max(_maxMemoryUsedMb, (int)((bytes + BytesPerMegabyte - 1) / BytesPerMegabyte));
    }

    /// <summary>Ends all processes with all their children: by SIGKILL, after the Shutdown phase where there are extensions.</summary>
    /// <param name="extensions">The extensions, if they are to be given their time.</param>
    /// <param name="reason">What they are told.</param>
    public async Task StopAsync(ExtensionRegistry? extensions = null, string reason = ShutdownPhase.Spindown)
    {
        ChildProcess? runtime = Volatile.Read(ref _process);
        if (runtime is null && _extensions.IsEmpty) return;
        // Its connections end like those of a process that ends, not of a machine that vanishes.
        _space?.Thaw();
        if (extensions is { All.Count: > 0 })
        {
            freezer.Thaw();
            await ShutdownPhase.RunAsync(extensions, runtime, _extensions, reason);
        }
        limits.PrepareToKill();
        ChildProcess[] processes = [.. _extensions.Values, .. runtime is null ? Array.Empty<ChildProcess>() : [runtime]];
        foreach (ChildProcess process in processes) process.SignalGroup(NativeMethods.SigKill);
        await freezer.KillAsync();
        await limits.KillAsync();
        foreach (ChildProcess process in processes)
        {
            await process.Exited;
            watchdog.Remove(process.Id);
        }
        _extensions.Clear();
        Volatile.Write(ref _process, null);
    }

    private ChildProcess StartProcess(SpawnRequest request)
    {
        ChildProcess process = _space!.Start(monitor, request);
        watchdog.Add(process.Id);
        freezer.Attach(process.Id);
        return process;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await freezer.DisposeAsync();
        await limits.DisposeAsync();
        _space?.Dispose();
        _space = null;
    }
}
