using NativeLambda.Reporting.Statistics;

namespace NativeLambda.Trials.Fleet;

/// <summary>What a fleet of one kind cost.</summary>
/// <param name="Kind">What its environments have of their own.</param>
/// <param name="Start">From the wish for an environment until it is frozen after its Init, one after the other.</param>
/// <param name="FrozenCpu">The CPU time of all processes of the environments while they were watched.</param>
/// <param name="EmulatorCpu">That of the emulator, which is the whole process of the trial.</param>
/// <param name="End">Until all had ended.</param>
/// <param name="Left">Processes, control groups and interfaces that were left behind.</param>
internal sealed record FleetRow(string Kind, Percentiles Start, TimeSpan FrozenCpu, TimeSpan EmulatorCpu, TimeSpan End, int Left);
