namespace NativeLambda.Emulator.Freezing;

/// <summary>Freezes by a control group version 2 of the environment's own.</summary>
internal sealed class CgroupV2Freezer : IFreezer
{
    private readonly string _directory;

    /// <summary>Makes the control group.</summary>
    public CgroupV2Freezer(string directory)
    {
        _directory = directory;
        Directory.CreateDirectory(directory);
    }

    public FreezeMethod Method => FreezeMethod.CgroupV2;

    public IReadOnlyList<string> MembershipFiles => [Path.Combine(_directory, "cgroup.procs")];

    public void Attach(int processId) { }

    public async Task FreezeAsync(CancellationToken cancellation)
    {
        CgroupDirectory.Write(_directory, "cgroup.freeze", "1");
        if (!await KernelWait.UntilAsync(IsFrozen, cancellation)) throw new FreezeException($"{_directory} does not report \"frozen 1\"");
    }

    public void Thaw() => CgroupDirectory.Write(_directory, "cgroup.freeze", "0");

    public async Task KillAsync()
    {
        // cgroup.kill (Linux 5.14) takes everybody at once, also who is just forking.
        if (File.Exists(Path.Combine(_directory, "cgroup.kill"))) CgroupDirectory.Write(_directory, "cgroup.kill", "1");
        bool empty = await KernelWait.UntilAsync(() =>
        {
            if (HasEvent("populated 0")) return true;
            CgroupDirectory.KillProcesses(_directory);
            return false;
        });
        if (!empty) throw new FreezeException($"processes in {_directory} survive SIGKILL");
        Thaw(); // for the next process in it
    }

    public async ValueTask DisposeAsync()
    {
        if (!Directory.Exists(_directory)) return;
        await KillAsync();
        if (!await KernelWait.UntilAsync(() => CgroupDirectory.TryRemove(_directory)))
            throw new FreezeException($"{_directory} cannot be removed");
    }

    private bool HasEvent(string line) => File.ReadLines(Path.Combine(_directory, "cgroup.events")).Contains(line);

    private bool IsFrozen() => HasEvent("frozen 1");
}
