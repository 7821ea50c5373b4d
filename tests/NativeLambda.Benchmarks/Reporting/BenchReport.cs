using NativeLambda.Benchmarks.Contenders;
using NativeLambda.Benchmarks.Profiling;
using NativeLambda.Benchmarks.Running;

namespace NativeLambda.Benchmarks.Reporting;

/// <summary>All that is told of a run.</summary>
/// <param name="Machine">Where and when.</param>
/// <param name="Options">What was measured.</param>
/// <param name="IsQuick">Whether only for a look.</param>
/// <param name="Contenders">The functions, this repository's own first, its copy right after.</param>
/// <param name="Absent">The peers that could not be built.</param>
/// <param name="Results">The samples.</param>
/// <param name="Flights">The flights of each function's cold start.</param>
/// <param name="Profile">The instructions of this repository's own function; nothing where they were not counted.</param>
/// <param name="Trace">The system calls of its cold start; nothing where they were not looked at.</param>
internal sealed record BenchReport(
    MachineFacts Machine,
    BenchOptions Options,
    bool IsQuick,
    IReadOnlyList<Contender> Contenders,
    IReadOnlyList<Absentee> Absent,
    Measurements Results,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Flights,
    CallgrindProfile? Profile,
    TracedStart? Trace)
{
    /// <summary>The key of this repository's own function.</summary>
    public const string Ours = "nativelambda";

    /// <summary>The key of the same function once more: it must not differ.</summary>
    public const string Again = "nativelambda-again";

    /// <summary>The median of a metric.</summary>
    public double? Median(string contender, string metric) => Results[contender, metric]?.Median;

    /// <summary>The functions that somebody else might write.</summary>
    public IEnumerable<Contender> Peers => Contenders.Where(static contender => contender.Kind == PeerKind.Peer);
}
