using System.Globalization;
using NativeLambda.Emulator.Freezing;
using NativeLambda.Emulator.Processes;

namespace NativeLambda.Emulator.Environments;

/// <summary>The processes of an execution environment: starts the bootstrap, freezes, thaws and ends it with all its children.</summary>
internal sealed class Sandbox(ProcessMonitor monitor, Watchdog watchdog, IFreezer freezer) : IAsyncDisposable
{
    private ChildProcess? _process;
    private int _maxMemoryUsedMb;

    public FreezeMethod FreezeMethod => freezer.Method;

    public IReadOnlyList<string> MembershipFiles => freezer.MembershipFiles;

    /// <summary>The bootstrap's process id; nothing while there is none.</summary>
    public int? ProcessId => Volatile.Read(ref _process)?.Id;

    /// <summary>Whether the process has ended by itself.</summary>
    public bool HasExited => Volatile.Read(ref _process) is not { Exited.IsCompleted: false };

    /// <summary>Starts the bootstrap; the last one must have been stopped.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be started.</exception>
    public ChildProcess Start(SpawnRequest request)
    {
        ChildProcess process = monitor.Start(request);
        watchdog.Add(process.Id);
        freezer.Attach(process.Id);
        _maxMemoryUsedMb = 0;
        Volatile.Write(ref _process, process);
        return process;
    }

    public Task FreezeAsync() => freezer.FreezeAsync(CancellationToken.None);

    public void Thaw() => freezer.Thaw();

    public bool IsFrozen() => freezer.IsFrozen();

    /// <summary>Reads what the process has written so far.</summary>
    public void DrainOutput()
    {
        Volatile.Read(ref _process)?.Output.Drain();
        Volatile.Read(ref _process)?.Error.Drain();
    }

    /// <summary>The most memory that the bootstrap held at once (VmHWM), in MB rounded up; the last figure once it has ended.</summary>
    public int ReadMaxMemoryUsedMb()
    {
        if (Volatile.Read(ref _process) is not { } process) return _maxMemoryUsedMb;
        try
        {
            foreach (string line in File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{process.Id}/status")))
            {
                if (!line.StartsWith("VmHWM:", StringComparison.Ordinal)) continue;
                string kilobytes = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1];
                return _maxMemoryUsedMb = (int.Parse(kilobytes, CultureInfo.InvariantCulture) + 1023) / 1024;
            }
        }
        catch (IOException)
        {
            // The process has ended: its last figure stands.
        }
        return _maxMemoryUsedMb;
    }

    /// <summary>
    /// Ends the process with all its children. With a grace period it is sent SIGTERM first, as Lambda does where an extension is
    /// registered; else SIGKILL comes at once.
    /// </summary>
    public async Task StopAsync(TimeSpan grace)
    {
        if (Volatile.Read(ref _process) is not { } process) return;
        if (grace > TimeSpan.Zero && !process.Exited.IsCompleted)
        {
            freezer.Thaw();
            process.Signal(NativeMethods.SigTerm);
            // On the system's clock: the process lives in real time, whatever time a test pretends it is.
            await Task.WhenAny(process.Exited, Task.Delay(grace, TimeProvider.System));
        }
        process.SignalGroup(NativeMethods.SigKill);
        await freezer.KillAsync();
        await process.Exited;
        watchdog.Remove(process.Id);
        Volatile.Write(ref _process, null);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.Zero);
        await freezer.DisposeAsync();
    }
}
