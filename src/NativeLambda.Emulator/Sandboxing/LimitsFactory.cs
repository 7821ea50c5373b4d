using NativeLambda.Emulator.Freezing;

namespace NativeLambda.Emulator.Sandboxing;

/// <summary>Makes the limits of one emulator's environments, by the controllers that this machine offers.</summary>
internal sealed class LimitsFactory : IDisposable
{
    private const string Cpu = "cpu";
    private const string Memory = "memory";
    private const string Tasks = "pids";

    private readonly IReadOnlyDictionary<string, ControllerGroup> _parents;
    private readonly bool _cpuAlways;

    /// <summary>Gives limits by the controllers that have a group here.</summary>
    /// <param name="parents">The groups that hold those of the environments, by controller.</param>
    /// <param name="freezesByGroup">Whether every process of an environment is found in a group of its freezer.</param>
    internal LimitsFactory(IReadOnlyDictionary<string, ControllerGroup> parents, bool freezesByGroup)
    {
        _parents = parents;
        // Otherwise nothing else would hold a process that has left the environment's sessions, and kill it in the end.
        _cpuAlways = !freezesByGroup && parents.Keys.All(static controller => controller == Cpu);
    }

    /// <summary>The control groups that were made for limits alone.</summary>
    public IReadOnlyList<string> Directories => [.. _parents.Values.Where(static parent => !parent.IsVersion2).Select(static parent => parent.Directory)];

    /// <summary>What cannot be limited here, in words; empty when everything can.</summary>
    public IReadOnlyList<string> Missing =>
    [
        .. new[] { (Cpu, "CPU"), (Memory, "memory"), (Tasks, "the number of processes") }
            .Where(pair => !_parents.ContainsKey(pair.Item1)).Select(static pair => pair.Item2),
    ];

    /// <summary>
    /// Uses the group of a version 2 freezer where it has the controllers, for a process is in one such group only; else the version 1
    /// hierarchies that may be written.
    /// </summary>
    public static LimitsFactory Create(FreezerFactory freezers)
    {
        var parents = new Dictionary<string, ControllerGroup>();
        if (freezers.Method == FreezeMethod.CgroupV2 && CgroupControllers.TryEnable(Path.GetDirectoryName(freezers.Directory)!)
            && CgroupControllers.TryEnable(freezers.Directory!))
            foreach (string controller in CgroupControllers.Wanted) parents.Add(controller, new ControllerGroup(freezers.Directory!, IsVersion2: true));
        else
            foreach (string controller in CgroupControllers.Wanted)
            {
                if (CgroupMount.FindV1(controller) is not { } mount) continue;
                CgroupLeftovers.Remove(mount);
                string directory = Path.Combine(mount, CgroupLeftovers.NewName());
                Directory.CreateDirectory(directory);
                parents.Add(controller, new ControllerGroup(directory, IsVersion2: false));
            }
        return new LimitsFactory(parents, freezesByGroup: freezers.Directory is not null);
    }

    /// <summary>
    /// The limits of a new environment, whose freezer must have been made. One that may use all processors has no CPU group: making,
    /// entering and removing it, and two writes before each process and at its end, would change nothing.
    /// </summary>
    public EnvironmentLimits CreateLimits(string environmentId, ResourceLimits limits) => new(
        limits,
        limits.Processors is not null || _cpuAlways ? Group(Cpu, environmentId) : null,
        Group(Memory, environmentId),
        Group(Tasks, environmentId));

    /// <summary>Removes the control groups; those of the environments must be gone.</summary>
    public void Dispose()
    {
        foreach (string directory in Directories) CgroupDirectory.TryRemove(directory);
    }

    private ControllerGroup? Group(string controller, string environmentId) =>
        _parents.TryGetValue(controller, out ControllerGroup parent)
            ? parent with { Directory = Path.Combine(parent.Directory, environmentId) }
            : null;
}
