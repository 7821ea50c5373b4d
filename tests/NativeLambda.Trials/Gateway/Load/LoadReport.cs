using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace NativeLambda.Trials.Gateway.Load;

/// <summary>Tells of the comparison, in Markdown.</summary>
internal static class LoadReport
{
    public static string Table(IReadOnlyDictionary<string, IReadOnlyList<LoadSample>> samples)
    {
        var text = new StringBuilder("| | requests/s | p50 ms | p99 ms | CPU µs per request | memory MiB |\n|---|---|---|---|---|---|\n");
        foreach ((string name, IReadOnlyList<LoadSample> of) in samples)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {Spread(of, static s => s.Wrk.PerSecond, "F0")} | {Spread(of, static s => s.Wrk.Median, "F2")} ")
                .Append(CultureInfo.InvariantCulture, $"| {Spread(of, static s => s.Wrk.P99, "F2")} | {Spread(of, static s => s.CpuMicroseconds, "F1")} | {Median(of, static s => s.ResidentKiB) / 1024:F0} |\n");
        }
        return text.ToString();
    }

    /// <summary>How the first one stands to each other one: the medians of the rounds' ratios, since a round's runs share their moment.</summary>
    public static string Ratios(IReadOnlyDictionary<string, IReadOnlyList<LoadSample>> samples)
    {
        (string first, IReadOnlyList<LoadSample> own) = samples.First();
        var text = new StringBuilder($"| {first} against | requests/s | p99 | CPU per request |\n|---|---|---|---|\n");
        foreach ((string name, IReadOnlyList<LoadSample> other) in samples.Skip(1))
        {
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {Ratio(own, other, static s => s.Wrk.PerSecond)} | {Ratio(own, other, static s => s.Wrk.P99)} ")
                .Append(CultureInfo.InvariantCulture, $"| {Ratio(own, other, static s => s.CpuMicroseconds)} |\n");
        }
        return text.ToString();
    }

    public static string Document(LoadOptions options, IReadOnlyDictionary<string, IReadOnlyList<LoadSample>> samples, string commit, DateTimeOffset now) => string.Create(CultureInfo.InvariantCulture, $"""
        # The gateway under load

        `./build/gateway-load --write` made this page. wrk, over {options.Connections} connections on loopback, before a Lambda in C that answers at once
        (`tests/NativeLambda.Trials/Gateway/Load/target.c`), {options.Rounds} rounds of {options.Duration.TotalSeconds:F0} s each, in turns; medians, with the least and the most in
        parentheses. The peers are written for this comparison (`tests/NativeLambda.Trials/Gateway/Load/peer`): the same routes, the same payload 2.0, the same signature; before
        the measurement all are checked to give the same answers and to make the same events. CPU time is that of the gateway's process.

        {now:yyyy-MM-dd}, commit {commit}; {RuntimeInformation.OSDescription.Trim()}, {Environment.ProcessorCount} processors ({Processor()}), which wrk and the Lambda share.

        {Table(samples)}
        {Ratios(samples)}
        """) + "\n";

    private static string Spread(IReadOnlyList<LoadSample> samples, Func<LoadSample, double> value, string format) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Median(samples, value).ToString(format, CultureInfo.InvariantCulture)} ({samples.Min(value).ToString(format, CultureInfo.InvariantCulture)}–{samples.Max(value).ToString(format, CultureInfo.InvariantCulture)})");

    private static string Ratio(IReadOnlyList<LoadSample> own, IReadOnlyList<LoadSample> other, Func<LoadSample, double> value)
    {
        double[] ratios = [.. own.Zip(other, (a, b) => value(a) / value(b)).Order()];
        return string.Create(CultureInfo.InvariantCulture, $"{ratios[ratios.Length / 2]:F2}× ({ratios[0]:F2}–{ratios[^1]:F2})");
    }

    private static double Median(IReadOnlyList<LoadSample> samples, Func<LoadSample, double> value) => samples.Select(value).Order().ElementAt(samples.Count / 2);

    private static string Processor() =>
        File.ReadLines("/proc/cpuinfo").FirstOrDefault(static line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown";
}
