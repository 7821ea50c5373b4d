namespace NativeLambda.Emulator.Freezing;

/// <summary>Freezes by a control group of the version 1 freezer controller.</summary>
internal sealed class CgroupV1Freezer : IFreezer
{
    private readonly string _directory;

    /// <summary>Makes the control group.</summary>
    public CgroupV1Freezer(string directory)
    {
        _directory = directory;
        Directory.CreateDirectory(directory);
    }

    public FreezeMethod Method => FreezeMethod.CgroupV1;

    public IReadOnlyList<string> MembershipFiles => [Path.Combine(_directory, "cgroup.procs")];

    public void Attach(int processId) { }

    public async Task FreezeAsync(CancellationToken cancellation)
    {
        bool frozen = await KernelWait.UntilAsync(
            () =>
            {
                // Again at each look: whoever begins to wait for a child by vfork(2) after the first write, which has frozen that child, is
                // not counted as frozen until the next one.
                CgroupDirectory.Write(_directory, "freezer.state", "FROZEN");
                return IsFrozen();
            },
            cancellation);
        if (!frozen) throw new FreezeException($"{_directory} does not become FROZEN");
    }

    public void Thaw() => CgroupDirectory.Write(_directory, "freezer.state", "THAWED");

    public async Task KillAsync()
    {
        bool empty = await KernelWait.UntilAsync(() =>
        {
            if (CgroupDirectory.Processes(_directory).Count == 0) return true;
            // SIGKILL stays pending in a process that this freezer holds: kill first, so that thawed it runs no instruction more.
            CgroupDirectory.KillProcesses(_directory);
            Thaw();
            return false;
        });
        if (!empty) throw new FreezeException($"processes in {_directory} survive SIGKILL");
        Thaw();
    }

    public async ValueTask DisposeAsync()
    {
        if (!Directory.Exists(_directory)) return;
        await KillAsync();
        if (!await KernelWait.UntilAsync(() => CgroupDirectory.TryRemove(_directory)))
            throw new FreezeException($"{_directory} cannot be removed");
    }

    // Reading the state is what moves it from FREEZING to FROZEN.
    private bool IsFrozen() => File.ReadAllText(Path.Combine(_directory, "freezer.state")).StartsWith("FROZEN", StringComparison.Ordinal);
}
