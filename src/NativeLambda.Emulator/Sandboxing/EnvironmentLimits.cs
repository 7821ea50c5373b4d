using NativeLambda.Emulator.Freezing;

namespace NativeLambda.Emulator.Sandboxing;

/// <summary>The limits of one environment, as far as this machine's control groups reach.</summary>
internal sealed class EnvironmentLimits : IAsyncDisposable
{
    private readonly ResourceLimits _limits;
    private readonly IReadOnlyList<string> _directories;
    private readonly IReadOnlyList<string> _ownDirectories;
    private readonly CpuController? _cpu;
    private readonly MemoryController? _memory;
    private readonly TaskController? _tasks;
    private long _killsBefore;

    /// <summary>Makes the control groups that the freezer has not made already, and sets the limits.</summary>
    public EnvironmentLimits(ResourceLimits limits, ControllerGroup? cpu, ControllerGroup? memory, ControllerGroup? tasks)
    {
        _limits = limits;
        _directories = [.. new[] { cpu, memory, tasks }.OfType<ControllerGroup>().Select(static group => group.Directory)];
        _ownDirectories = [.. _directories.Where(static directory => !Directory.Exists(directory))];
        foreach (string directory in _ownDirectories) Directory.CreateDirectory(directory);
        _cpu = cpu is { } cpuGroup ? new CpuController(cpuGroup) : null;
        _memory = memory is { } memoryGroup ? new MemoryController(memoryGroup) : null;
        _tasks = tasks is { } taskGroup ? new TaskController(taskGroup) : null;
        _memory?.Limit(limits.MemoryBytes);
    }

    /// <summary>The files into which a process writes its own id to come under the limits, beside those of the freezer.</summary>
    public IReadOnlyList<string> MembershipFiles => [.. _ownDirectories.Select(static directory => Path.Combine(directory, "cgroup.procs"))];

    /// <summary>Before a process is started: it may use all processors in the Init phase, but not in an Init inside an invocation.</summary>
    public void Begin(bool fullCpu)
    {
        _killsBefore = _memory?.ReadKills() ?? 0;
        _tasks?.Limit(_limits.Tasks);
        _cpu?.Limit(fullCpu ? null : _limits.Processors);
    }

    /// <summary>After Init.</summary>
    public void LimitCpu()
    {
        try
        {
            _cpu?.Limit(_limits.Processors);
        }
        catch (IOException) when (HasGone())
        {
            // The environment was stopped meanwhile.
        }
    }

    /// <summary>Whether the kernel has killed a process for want of memory since <see cref="Begin"/>.</summary>
    public bool RanOutOfMemory() => Ask(static memory => memory.ReadKills()) > _killsBefore;

    /// <summary>The most memory that all processes held at once, in bytes; nothing where it is not known.</summary>
    public long? ReadPeakMemory() => Ask(static memory => memory.ReadPeak());

    /// <summary>Before the processes are killed: no more of them, and no waiting for CPU time to die with.</summary>
    public void PrepareToKill()
    {
        _tasks?.Limit(0);
        _cpu?.Limit(null);
    }

    /// <summary>Kills who has escaped from the freezer, as a process in a session of its own can from one that works by sessions.</summary>
    public async Task KillAsync()
    {
        foreach (string directory in _ownDirectories)
        {
            bool empty = await KernelWait.UntilAsync(() =>
            {
                if (CgroupDirectory.Processes(directory).Count == 0) return true;
                CgroupDirectory.KillProcesses(directory);
                return false;
            });
            if (!empty) throw new FreezeException($"processes in {directory} survive SIGKILL");
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (string directory in _ownDirectories)
            if (!await KernelWait.UntilAsync(() => CgroupDirectory.TryRemove(directory)))
                throw new FreezeException($"{directory} cannot be removed");
    }

    private long? Ask(Func<MemoryController, long?> question)
    {
        try
        {
            return _memory is null ? null : question(_memory);
        }
        catch (IOException) when (HasGone())
        {
            return null; // the environment was stopped meanwhile
        }
    }

    private bool HasGone() => !_directories.All(Directory.Exists);
}
