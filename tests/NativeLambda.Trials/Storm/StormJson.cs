using System.Text.Json;
using NativeLambda.Reporting.Statistics;

namespace NativeLambda.Trials.Storm;

/// <summary>The storm for programs.</summary>
internal static class StormJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static string Write(StormOptions options, IReadOnlyList<StormResult> results, DateTimeOffset date) => JsonSerializer.Serialize(
        new
        {
            date,
            machine = new { cores = Environment.ProcessorCount, system = System.Runtime.InteropServices.RuntimeInformation.OSDescription },
            postgres = results.Count > 0 ? results[0].ServerVersion : null,
            options.Environments,
            options.MaxConnections,
            options.Waves,
            timeoutMs = options.Timeout.TotalMilliseconds,
            contenders = results.Select(static result => new
            {
                result.Contender.Name,
                result.Requests,
                result.Good,
                answers = result.Statuses.ToDictionary(static status => status.Label, static status => status.Count),
                waitMs = Waits(result.Waits),
                waves = result.Waves.Select(static wave => new
                {
                    wave.Wave,
                    wave.Good,
                    wave.Environments,
                    wave.Served,
                    tookMs = wave.Took.TotalMilliseconds,
                    waitMs = Waits(wave.Waits),
                }),
                connections = result.Server,
                result.Log.Releases,
                result.Log.InitsWithoutDatabase,
                result.Log.InitTimeouts,
                result.PeakBackends,
                writes = result.Ledger,
                backends = result.Samples.Select(static sample => new { ms = (long)sample.At.TotalMilliseconds, sample.Backends, sample.Idle }),
            }),
        },
        Options);

    private static object Waits(Percentiles waits) => new { p50 = waits.P50.TotalMilliseconds, p99 = waits.P99.TotalMilliseconds, max = waits.Max.TotalMilliseconds };
}
