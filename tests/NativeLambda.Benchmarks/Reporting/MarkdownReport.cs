using System.Globalization;
using NativeLambda.Benchmarks.Contenders;
using NativeLambda.Benchmarks.Running;

namespace NativeLambda.Benchmarks.Reporting;

/// <summary>The figures of a run as Markdown.</summary>
internal sealed class MarkdownReport
{
    private readonly BenchReport _report;
    private readonly IReadOnlyList<Contender> _sorted;

    private MarkdownReport(BenchReport report)
    {
        _report = report;
        _sorted =
        [
            .. report.Contenders.OrderBy(static contender => contender.Kind == PeerKind.Floor ? 0 : 1)
                .ThenBy(contender => report.Median(contender.Key, Metrics.ColdWall) ?? double.MaxValue),
        ];
    }

    /// <summary>Circumstances, goals and tables.</summary>
    public static string Results(BenchReport report)
    {
        var markdown = new MarkdownReport(report);
        string[] parts =
        [
            markdown.Machine(),
            markdown.GoalTable(),
            markdown.Under("Cold start", "cold.", markdown.Cold),
            markdown.Under("Warm, after a freeze, and all at once", "warm.", markdown.Warm),
            markdown.Under("Over a network", "network.", markdown.Network),
            markdown.Under("By memory size", "memory.", markdown.Memory),
            markdown.LeftOut(),
        ];
        return string.Join('\n', parts.Where(static part => part.Length > 0));
    }

    /// <summary>A table with its heading; nothing where nothing of it was measured.</summary>
    private string Under(string heading, string metrics, Func<string> table) =>
        _report.Results.MetricsOf(BenchReport.Ours).Any(metric => metric.StartsWith(metrics, StringComparison.Ordinal)) ? $"### {heading}\n\n{table()}" : "";

    private string Machine()
    {
        MachineFacts machine = _report.Machine;
        string commit = machine.Commit is { } known ? $", commit {known}" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {machine.Date:yyyy-MM-dd HH:mm} UTC{commit}; {machine.Processor}, {machine.Cores} cores, {machine.MemoryMb / 1024.0:0.0} GiB; {machine.System}, Linux {machine.Kernel}; {machine.Postgres} on
            loopback, TLS `verify-full` with a pinned ECDSA root, SCRAM-SHA-256; files cached. Load at the start {machine.Load:0.0}, at the end {machine.LoadAtEnd:0.0}. {_report.Options.Samples} cold starts of each function, interleaved in random
            order (seed {_report.Options.Seed}); medians, and where given their 95 % confidence interval{(_report.IsQuick ? "; **a quick run, for a look only**" : "")}.

            """);
    }

    private string GoalTable()
    {
        var table = new MarkdownTable("what must hold", "measured", "");
        foreach (Goal goal in Goals.Of(_report)) table.Row(goal.What, goal.Measured, goal.Mark);
        return table.ToString();
    }

    private string Cold()
    {
        var table = new MarkdownTable(
            "", "cold start, ms", "times ours", "Init, ms", "CPU, ms", "instructions, M", "flights", "page faults", "threads", "peak memory, MB", "files, MB", "zip, MB");
        var random = new Random(_report.Options.Seed);
        double? ours = _report.Median(BenchReport.Ours, Metrics.ColdWall);
        foreach (Contender contender in _sorted)
        {
            table.Row(
                Name(contender),
                MetricText.MedianWithInterval(_report.Results[contender.Key, Metrics.ColdWall], random),
                ours is { } reference && _report.Median(contender.Key, Metrics.ColdWall) is { } theirs ? (theirs / reference).ToString("0.00", CultureInfo.InvariantCulture) : "",
                Cell(contender, Metrics.ColdInit),
                MetricText.MedianWithInterval(_report.Results[contender.Key, Metrics.ColdCpu], random),
                _report.Median(contender.Key, Metrics.Instructions) is { } count ? MetricText.Number(count / 1e6) : "",
                Whole(contender, Metrics.Flights),
                Whole(contender, Metrics.ColdFaults),
                Whole(contender, Metrics.ColdThreads),
                Cell(contender, Metrics.ColdMemory),
                Megabytes(contender.Size.Files),
                Megabytes(contender.Size.Zip));
        }

        return table.ToString();
    }

    private string Warm()
    {
        string[] gaps = [.. _report.Options.Gaps.Select(Metrics.Thaw), Metrics.ThawOverMaxIdle];
        var table = new MarkdownTable(
            [
                "", "p50, ms", "p99, ms", "CPU, µs", "instructions, k", "peak memory, MB", "invocations/s of a fleet",
                .. _report.Options.Gaps.Select(static gap => $"after {gap.TotalSeconds:0} s frozen, ms"), "after more than MAX_IDLE, ms",
            ]);
        foreach (Contender contender in _sorted)
        {
            table.Row(
                [
                    Name(contender), Cell(contender, Metrics.WarmP50), Cell(contender, Metrics.WarmP99), Cell(contender, Metrics.WarmCpu),
                    _report.Median(contender.Key, Metrics.WarmInstructions) is { } count ? MetricText.Number(count / 1e3) : "",
                    Cell(contender, Metrics.WarmMemory), Whole(contender, Metrics.FleetRate), .. gaps.Select(gap => Cell(contender, gap)),
                ]);
        }

        return table.ToString();
    }

    private string Network()
    {
        var table = new MarkdownTable(
            ["cold start, ms, with", .. _report.Options.Delays.Select(static delay => string.Create(CultureInfo.InvariantCulture, $"{delay.TotalMilliseconds:0.#} ms a flight"))]);
        foreach (Contender contender in _sorted)
            table.Row([Name(contender), .. _report.Options.Delays.Select(delay => Cell(contender, Metrics.Network(delay)))]);
        return table.ToString();
    }

    private string Memory()
    {
        var table = new MarkdownTable(
            [
                "cold start, ms, at", .. _report.Options.MemorySizes.Select(static size => $"{size} MB"),
                .. _report.Options.MemorySizes.Select(static size => $"{size} MB, Init throttled"),
            ]);
        foreach (Contender contender in _sorted)
        {
            table.Row(
                [
                    Name(contender), .. _report.Options.MemorySizes.Select(size => Cell(contender, Metrics.Memory(size, throttledInit: false))),
                    .. _report.Options.MemorySizes.Select(size => Cell(contender, Metrics.Memory(size, throttledInit: true))),
                ]);
        }

        return table.ToString();
    }

    private string LeftOut()
    {
        string[] lines =
        [
            .. _report.Absent.Select(static absent => $"- {absent.Title} ({absent.Key}) took no part: {OneLine(absent.Reason)}"),
            .. _report.Results.Failures.Select(failure => $"- {failure.Title} was not measured ({failure.Section}): {OneLine(failure.Reason)}"),
        ];
        return lines.Length == 0 ? "" : $"### What is missing\n\n{string.Join('\n', lines)}\n";
    }

    private static string Name(Contender contender) => contender.Kind == PeerKind.Ours ? $"**{contender.Title}**" : contender.Title;

    private string Cell(Contender contender, string metric) => MetricText.Median(_report.Results[contender.Key, metric]);

    private string Whole(Contender contender, string metric) =>
        _report.Median(contender.Key, metric) is { } value ? value.ToString("0", CultureInfo.InvariantCulture) : "";

    private static string Megabytes(long bytes) => (bytes / 1048576.0).ToString("0.00", CultureInfo.InvariantCulture);

    private static string OneLine(string text)
    {
        const int Most = 300;
        string line = text.ReplaceLineEndings(" ");
        return line.Length <= Most ? line : $"{line[..Most]}…";
    }
}
