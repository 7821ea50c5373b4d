using System.Globalization;
using NativeLambda.Benchmarks.Contenders;
using NativeLambda.Benchmarks.Profiling;
using NativeLambda.Benchmarks.Running;

namespace NativeLambda.Benchmarks.Reporting;

/// <summary>Where the time and the instructions go, as Markdown.</summary>
internal static class TimeReport
{
    private const int TopFunctions = 25;

    /// <summary>Time lines, flights and profile.</summary>
    public static string Of(BenchReport report) => string.Join(
        '\n',
        new[] { Parts(report), Flights(report), report.Trace is { } trace ? Trace(report, trace) : "", report.Profile is { } profile ? Profile(profile) : "" }.Where(static part => part.Length > 0));

    private static string Parts(BenchReport report)
    {
        Contender[] shown = [.. report.Contenders.Where(contender => report.Results[contender.Key, Metrics.Part(TimeLine.Start)] is not null)];
        if (shown.Length == 0) return "";
        var table = new MarkdownTable(["ms", .. shown.Select(static contender => contender.Title)]);
        foreach (string part in (string[])[.. TimeLine.Parts, TimeLine.Waiting])
            table.Row([part, .. shown.Select(contender => MetricText.Median(report.Results[contender.Key, Metrics.Part(part)]))]);
        return table.ToString();
    }

    private static string Flights(BenchReport report)
    {
        if (report.Flights.Count == 0) return "";
        var table = new MarkdownTable("flights to the server", "", "");
        foreach (Contender contender in report.Contenders.Where(contender => report.Flights.ContainsKey(contender.Key)))
        {
            IReadOnlyList<string> flights = report.Flights[contender.Key];
            table.Row(contender.Title, flights.Count.ToString(CultureInfo.InvariantCulture), string.Join(", ", flights));
        }

        return table.ToString();
    }

    private static string Trace(BenchReport report, TracedStart trace)
    {
        var table = new MarkdownTable("our cold start under strace", "ms after exec");
        foreach ((string name, TimeSpan at) in trace.Calls.Milestones) table.Row(name, MetricText.Number(at.TotalMilliseconds));
        string distortion = report.Median(BenchReport.Ours, Metrics.ColdWall) is { } without
            ? string.Create(CultureInfo.InvariantCulture, $" With strace it took {trace.Wall.TotalMilliseconds / without:0.0} times as long as without: the order is true, the times are not.")
            : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{table}\n{trace.Calls.Calls} system calls, {trace.Calls.Threads} threads started and {trace.Calls.Files} files opened or looked for until the answer.{distortion}\n");
    }

    private static string Profile(CallgrindProfile profile)
    {
        string Share(long instructions) => string.Create(CultureInfo.InvariantCulture, $"{100.0 * instructions / profile.Instructions:0.0} %");
        string Millions(long instructions) => MetricText.Number(instructions / 1e6);
        var groups = new MarkdownTable("instructions of our cold start", "M", "share");
        foreach ((string group, long instructions) in profile.Group(ProfileGroups.Of).Where(pair => pair.Instructions * 200 > profile.Instructions))
            groups.Row(group, Millions(instructions), Share(instructions));
        groups.Row("all", Millions(profile.Instructions), "100 %");

        var functions = new MarkdownTable("function", "belongs to", "its own, M", "share", "with what it calls, M");
        foreach (CallgrindFunction function in profile.TopBySelf(TopFunctions))
        {
            functions.Row(
                $"`{function.Name}`", ProfileGroups.Of(function), Millions(function.Self), Share(function.Self),
                Millions(Math.Min(function.Inclusive, profile.Instructions)));
        }

        return $"{groups}\n{functions}";
    }
}
