using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using NativeLambda.Reporting.Statistics;

namespace NativeLambda.Trials.Overhead;

/// <summary>The figures for people and for programs.</summary>
internal static class OverheadReport
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>A Markdown table, in microseconds.</summary>
    public static string Table(OverheadResult result)
    {
        var text = new StringBuilder("| µs | p50 | p10 to p90 | p99 | p50 over | 95 % confidence |\n|---|---|---|---|---|---|\n");
        foreach (OverheadRow row in result.Rows)
        {
            Distribution times = row.Times;
            text.Append(CultureInfo.InvariantCulture, $"| {row.Course} | {times.Median:0} | {times.Quantile(0.1):0} to {times.Quantile(0.9):0} | {times.Quantile(0.99):0} | ");
            text.Append(row.Over is { } over
                ? string.Create(CultureInfo.InvariantCulture, $"{row.Reference}: {over.Median:+0;-0;0} | {over.Low:+0;-0;0} to {over.High:+0;-0;0} |\n")
                : "| |\n");
        }

        return text.ToString();
    }

    /// <summary>The same, with the circumstances, as JSON.</summary>
    public static string Write(OverheadOptions options, OverheadResult result, DateTimeOffset date) => JsonSerializer.Serialize(
        new
        {
            date,
            machine = new
            {
                cores = Environment.ProcessorCount,
                system = RuntimeInformation.OSDescription,
                architecture = RuntimeInformation.OSArchitecture.ToString(),
                runtime = RuntimeInformation.FrameworkDescription,
            },
            options.Samples,
            options.WarmUp,
            options.Seed,
            missing = result.Missing,
            unit = "µs",
            courses = result.Rows.Select(static row => new
            {
                name = row.Course,
                count = row.Times.Count,
                p10 = row.Times.Quantile(0.1),
                p50 = row.Times.Median,
                p90 = row.Times.Quantile(0.9),
                p99 = row.Times.Quantile(0.99),
                reference = row.Reference,
                over = row.Over,
            }),
        },
        Json);
}
