using System.Globalization;
using NativeLambda.Benchmarks.Contenders;
using NativeLambda.Benchmarks.Running;
using NativeLambda.Reporting.Charts;

namespace NativeLambda.Benchmarks.Reporting;

/// <summary>The figures of a run as pictures.</summary>
internal static class BenchCharts
{
    /// <summary>File names and documents of all charts for which there are figures.</summary>
    public static IReadOnlyList<(string File, string Svg)> Draw(BenchReport report)
    {
        Contender[] shown = [.. report.Contenders.Where(static contender => contender.Key != BenchReport.Again)];
        (string File, string? Svg)[] all =
        [
            ("cold-start.svg", ColdStart(report, shown)), ("time.svg", Time(report, shown)), ("network.svg", Network(report, shown)), ("memory.svg", Memory(report, shown)),
        ];
        return [.. all.Where(static chart => chart.Svg is not null).Select(static chart => (chart.File, chart.Svg!))];
    }

    private static string? ColdStart(BenchReport report, IEnumerable<Contender> shown)
    {
        BoxRow[] rows =
        [
            .. shown.Select(contender => (Contender: contender, Samples: report.Results[contender.Key, Metrics.ColdWall]))
                .Where(static row => row.Samples is not null).OrderBy(static row => row.Samples!.Median)
                .Select(static row => new BoxRow(row.Contender.Title, row.Samples!, row.Contender.Kind == PeerKind.Ours)),
        ];
        return rows.Length == 0
            ? null
            : BoxPlot.Draw("Cold start: from exec to the first answer from the database", "ms, logarithmic; box: middle half, whiskers: 5 % to 95 %", rows);
    }

    private static string? Time(BenchReport report, IEnumerable<Contender> shown)
    {
        BarRow[] rows =
        [
            .. shown.Where(contender => report.Results[contender.Key, Metrics.Part(TimeLine.Start)] is not null)
                .Select(contender => new BarRow(contender.Title, [.. TimeLine.Parts.Select(part => report.Median(contender.Key, Metrics.Part(part)) ?? 0)]))
                .OrderBy(static row => row.Parts.Sum()),
        ];
        return rows.Length == 0 ? null : StackedBars.Draw(
            "Where the time of a cold start goes (medians)", "ms", TimeLine.Parts, rows, limit: 2 * rows.First(row => row.Name == report.Contenders[0].Title).Parts.Sum());
    }

    private static string? Network(BenchReport report, IReadOnlyList<Contender> shown)
    {
        LineSeries[] series = Series(report, shown.Where(static contender => ServerNeeds.Of(contender.Key).HasDatabase), report.Options.Delays, static delay => delay.TotalMilliseconds, Metrics.Network);
        return series.Length == 0
            ? null
            : SvgPicture.Draw(
                "Cold start over a network",
                [new LineChart { Title = "ms, median", XTitle = "ms that each flight to the server takes longer", Series = series, IsStepped = false, LogarithmicFrom = Least(series) }]);
    }

    private static string? Memory(BenchReport report, IReadOnlyList<Contender> shown)
    {
        int[] sizes = [.. report.Options.MemorySizes];
        LineChart? Panel(string title, bool throttledInit)
        {
            LineSeries[] series = Series(report, shown, sizes, size => Array.IndexOf(sizes, size), size => Metrics.Memory(size, throttledInit));
            return series.Length == 0 ? null : new LineChart
            {
                Title = title,
                XTitle = "memory size",
                Series = series,
                IsStepped = false,
                LogarithmicFrom = Least(series),
                XLabels = [.. sizes.Select(static (size, index) => ((double)index, string.Create(CultureInfo.InvariantCulture, $"{size} MB")))],
            };
        }

        LineChart[] panels = [.. new[] { Panel("Init with all of the processors, ms", false), Panel("Init throttled, too, ms", true) }.OfType<LineChart>()];
        return panels.Length == 0 ? null : SvgPicture.Draw("Cold start with the CPU share of a memory size", panels);
    }

    /// <summary>Where a logarithmic axis begins.</summary>
    private static double Least(IEnumerable<LineSeries> series) => 0.8 * series.SelectMany(static line => line.Points).Min(static point => point.Y);

    private static LineSeries[] Series<T>(
        BenchReport report, IEnumerable<Contender> shown, IReadOnlyList<T> places, Func<T, double> x, Func<T, string> metric) =>
    [
        .. shown.Select(contender => new LineSeries(
                contender.Title,
                [.. places.Select(place => (X: x(place), Y: report.Median(contender.Key, metric(place)))).Where(static point => point.Y is not null).Select(static point => (point.X, point.Y!.Value))]))
            .Where(static series => series.Points.Count > 0),
    ];
}
