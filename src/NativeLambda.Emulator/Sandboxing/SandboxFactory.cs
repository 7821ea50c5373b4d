using NativeLambda.Emulator.Environments;
using NativeLambda.Emulator.Freezing;
using NativeLambda.Emulator.Processes;

namespace NativeLambda.Emulator.Sandboxing;

/// <summary>Makes the sandboxes of one emulator, and leaves nothing of them behind.</summary>
internal sealed class SandboxFactory : IAsyncDisposable
{
    private readonly FreezerFactory _freezers;
    private readonly LimitsFactory _limits;
    private readonly SpaceFactory _spaces;
    private readonly ProcessMonitor _monitor;
    private readonly Watchdog _watchdog;

    private SandboxFactory(FreezerFactory freezers, LimitsFactory limits, SpaceFactory spaces, ProcessMonitor monitor, Watchdog watchdog) =>
        (_freezers, _limits, _spaces, _monitor, _watchdog) = (freezers, limits, spaces, monitor, watchdog);

    /// <summary>How environments are frozen; never <see cref="FreezeMethod.Auto"/>.</summary>
    public FreezeMethod FreezeMethod => _freezers.Method;

    /// <summary>The process that ends the environments should this one die.</summary>
    public int WatchdogProcessId => _watchdog.ProcessId;

    /// <summary>The control groups of this emulator, each of which holds one for every environment.</summary>
    public IReadOnlyList<string> ControlGroups => [.. _freezers.Directory is { } directory ? [directory] : (string[])[], .. _limits.Directories];

    /// <summary>Finds what this machine offers, and clears what emulators that died left behind.</summary>
    /// <param name="options">What is wanted.</param>
    /// <param name="tell">Told in words what cannot be done here.</param>
    /// <exception cref="FreezeException">The wanted freezing method is not available here.</exception>
    /// <exception cref="SandboxException">The network is to be isolated, and cannot be.</exception>
    public static SandboxFactory Create(LocalLambdaOptions options, Action<string> tell)
    {
        SpaceFactory spaces = SpaceFactory.Create(options.IsolateNetwork, options.HostPorts);
        FreezerFactory freezers = FreezerFactory.Create(options.FreezeMethod);
        LimitsFactory limits = LimitsFactory.Create(freezers);
        if (limits.Missing.Count > 0)
            tell($"not limited here: {string.Join(", ", limits.Missing)}; no control group of that kind may be written (root can)");
        var monitor = new ProcessMonitor();
        string[] directories = [.. new[] { freezers.Directory, spaces.Directory }.OfType<string>(), .. limits.Directories];
        return new SandboxFactory(freezers, limits, spaces, monitor, Watchdog.Start(monitor, directories));
    }

    /// <summary>The sandbox of a new environment.</summary>
    public Sandbox Create(string environmentId, FunctionSettings function, int runtimeApiPort)
    {
        IFreezer freezer = _freezers.CreateFreezer(environmentId);
        EnvironmentLimits limits = _limits.CreateLimits(environmentId, ResourceLimits.Of(function.MemorySizeMb, function.Cpu));
        return new Sandbox(_monitor, _watchdog, freezer, limits, () => _spaces.CreateSpace(environmentId, function, runtimeApiPort));
    }

    public async ValueTask DisposeAsync()
    {
        _limits.Dispose();
        _freezers.Dispose();
        _spaces.Dispose();
        await _watchdog.DisposeAsync();
        _monitor.Dispose();
    }
}
