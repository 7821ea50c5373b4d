using System.Text.Json;
using NativeLambda.Benchmarks.Contenders;
using NativeLambda.Benchmarks.Running;
using NativeLambda.Reporting.Statistics;

namespace NativeLambda.Benchmarks.Reporting;

/// <summary>The figures and all samples of a run as JSON.</summary>
internal static class BenchJson
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>The document.</summary>
    public static string Write(BenchReport report)
    {
        var random = new Random(report.Options.Seed);
        return JsonSerializer.Serialize(
            new
            {
                report.Machine,
                quick = report.IsQuick,
                report.Options,
                goals = Goals.Of(report),
                functions = report.Contenders.Select(contender => new
                {
                    contender.Key,
                    contender.Title,
                    contender.Manifest.Language,
                    contender.Manifest.Client,
                    contender.Manifest.Note,
                    kind = contender.Kind.ToString(),
                    files = contender.Size.Files,
                    zip = contender.Size.Zip,
                    flights = report.Flights.GetValueOrDefault(contender.Key),
                    metrics = report.Results.MetricsOf(contender.Key).Order(StringComparer.Ordinal).ToDictionary(
                        static metric => metric, metric => Figures(report.Results, contender, metric, random)),
                }),
                absent = report.Absent,
                failures = report.Results.Failures.Select(static failure => new { failure.Title, failure.Section, failure.Reason }),
                trace = report.Trace is { } trace
                    ? new { trace.Calls.Calls, trace.Calls.Threads, trace.Calls.Files, milestones = trace.Calls.Milestones.ToDictionary(static milestone => milestone.Name, static milestone => milestone.At.TotalMilliseconds) }
                    : null,
                profile = report.Profile is { } profile
                    ? new { profile.Instructions, top = profile.TopBySelf(50), modules = profile.ByModule().Select(static module => new { module.Module, module.Instructions }) }
                    : null,
            },
            Json);
    }

    private static object Figures(Measurements results, Contender contender, string metric, Random random)
    {
        Distribution samples = results[contender.Key, metric]!;
        return new
        {
            median = samples.Median,
            confidence95 = samples.MedianInterval(random),
            p10 = samples.Quantile(0.1),
            p90 = samples.Quantile(0.9),
            samples = results.Raw(contender.Key, metric),
        };
    }
}
