using System.Globalization;
using NativeLambda.Benchmarks.Contenders;
using NativeLambda.Benchmarks.Running;
using NativeLambda.Reporting.Statistics;

namespace NativeLambda.Benchmarks.Reporting;

/// <summary>What must hold, decided by the medians of one run.</summary>
internal sealed class Goals
{
    private const double AheadOfPeers = 0.9;
    private const double AheadOfNode = 6;
    private const double AheadOfConnecting = 3;
    private const double NearFloor = 2;
    private const double MostZipBytes = 4 * 1024 * 1024;
    private const double MostMemoryMb = 16;
    private static readonly TimeSpan OneMillisecond = TimeSpan.FromMilliseconds(1);

    private readonly BenchReport _report;

    private Goals(BenchReport report) => _report = report;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Goal> Of(BenchReport report)
    {
        var goals = new Goals(report);
        string oneMillisecond = Metrics.Network(OneMillisecond), smallest = Metrics.Memory(128, throttledInit: true);
        return
        [
            goals.AtMost($"cold start at most {Text(AheadOfPeers)} of the fastest peer's", Metrics.ColdWall, AheadOfPeers, goals.Best(Metrics.ColdWall)),
            goals.AtMost($"its CPU time at most {Text(AheadOfPeers)} of the most frugal peer's", Metrics.ColdCpu, AheadOfPeers, goals.Best(Metrics.ColdCpu)),
            goals.AtMost("cold start at least 6 times as fast as the usual Node function's", Metrics.ColdWall, 1 / AheadOfNode, goals.Of("Node", "JavaScript")),
            goals.AtMost("warm p50 at least 3 times as fast as connecting for each invocation", Metrics.WarmP50, 1 / AheadOfConnecting, goals.Connecting()),
            goals.AtMost("cold start within 2 times the floor's", Metrics.ColdWall, NearFloor, goals.Floor()),
            goals.AtMost("warm p50 not over the C peer's", Metrics.WarmP50, 1, goals.Of("C")),
            goals.AtMost("warm p99 not over the C peer's", Metrics.WarmP99, 1, goals.Of("C")),
            goals.AtMost("CPU time of a warm invocation not over the Go peer's", Metrics.WarmCpu, 1, goals.Of("Go")),
            goals.AtMost("no peer has fewer flights to the first answer", Metrics.Flights, 1, goals.Best(Metrics.Flights)),
            goals.AtMost("with 1 ms for each flight no peer starts faster", oneMillisecond, 1, goals.Best(oneMillisecond)),
            goals.Zip(),
            goals.Memory(),
            goals.AtMost("at 128 MB with throttled Init ahead of every peer", smallest, 1, goals.Best(smallest)),
            goals.SameAgain(Metrics.ColdWall),
            goals.SameAgain(Metrics.WarmP50),
        ];
    }

    private Goal AtMost(string what, string metric, double factor, Contender? other)
    {
        Distribution? ours = _report.Results[BenchReport.Ours, metric];
        if (other is null) return new Goal(what, "no such peer took part", null);
        if (ours is null || _report.Results[other.Key, metric] is not { } theirs) return new Goal(what, "not measured in this run", null);
        Ratio ratio = Ratio.Between(ours, theirs, new Random(_report.Options.Seed));
        string measured = string.Create(
            CultureInfo.InvariantCulture,
            $"{MetricText.Number(ours.Median)} against {MetricText.Number(theirs.Median)} ({other.Title}): {ratio.Median:0.00} times, 95 % {ratio.Interval.Low:0.00} to {ratio.Interval.High:0.00}");
        return new Goal(what, measured, ratio.Median <= factor);
    }

    private Goal Zip()
    {
        long bytes = _report.Contenders[0].Size.Zip;
        return new Goal("zip at most 4 MB", string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.00} MB"), bytes <= MostZipBytes);
    }

    private Goal Memory()
    {
        const string What = "peak memory at most 16 MB";
        double? peak = _report.Median(BenchReport.Ours, Metrics.WarmMemory) ?? _report.Median(BenchReport.Ours, Metrics.ColdMemory);
        return peak is { } most
            ? new Goal(What, string.Create(CultureInfo.InvariantCulture, $"{most:0.0} MB"), most <= MostMemoryMb)
            : new Goal(What, "not measured in this run", null);
    }

    private Goal SameAgain(string metric)
    {
        string what = $"the same binary a second time does not differ ({metric})";
        if (_report.Results[BenchReport.Ours, metric] is not { } one || _report.Results[BenchReport.Again, metric] is not { } other)
            return new Goal(what, "not measured in this run", null);
        var difference = Difference.Between(other, one, new Random(_report.Options.Seed));
        return new Goal(
            what,
            string.Create(CultureInfo.InvariantCulture, $"{difference.Median:+0.000;-0.000;0} ms, 95 % {difference.Low:+0.000;-0.000;0} to {difference.High:+0.000;-0.000;0}"),
            difference.IncludesZero);
    }

    private Contender? Best(string metric) => Best(_report.Peers, metric);

    private Contender? Best(IEnumerable<Contender> contenders, string metric) =>
        contenders.Where(contender => _report.Median(contender.Key, metric) is not null).MinBy(contender => _report.Median(contender.Key, metric));

    private Contender? Of(params string[] languages) =>
        Best(_report.Peers.Where(peer => languages.Contains(peer.Manifest.Language.Split(' ', ',')[0])), Metrics.ColdWall);

    private Contender? Connecting() => _report.Contenders.FirstOrDefault(static contender => contender.Key.Contains("per-invocation", StringComparison.Ordinal));

    /// <summary>With TLS and SCRAM, as all others; without them where there is no such floor.</summary>
    private Contender? Floor() =>
        _report.Contenders.Where(static contender => contender.Kind == PeerKind.Floor)
            .MaxBy(contender => _report.Median(contender.Key, Metrics.ColdWall) ?? 0);

    private static string Text(double number) => number.ToString("0.0", CultureInfo.InvariantCulture);
}
