using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace NativeLambda.Trials.Gateway.Load;

/// <summary>What wrk measured in a run.</summary>
/// <param name="Requests">Requests that were answered.</param>
/// <param name="PerSecond">Of them in a second.</param>
/// <param name="Median">The median of the latency, in milliseconds.</param>
/// <param name="P99">Its 99th percentile.</param>
internal sealed partial record WrkRun(long Requests, double PerSecond, double Median, double P99)
{
    /// <summary>Runs it.</summary>
    /// <exception cref="InvalidOperationException">It could not run, or a request was not answered with success.</exception>
    public static async Task<WrkRun> RunAsync(Uri address, int connections, TimeSpan duration, CancellationToken cancellation)
    {
        using Process process = Process.Start(new ProcessStartInfo(
            "wrk", ["-t1", $"-c{connections}", string.Create(CultureInfo.InvariantCulture, $"-d{duration.TotalSeconds:F0}s"), "--latency", address.AbsoluteUri])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync(cancellation);
        string output = await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return process.ExitCode == 0 ? Parse(output) : throw new InvalidOperationException($"wrk failed: {await errors}");
    }

    /// <summary>Reads its report.</summary>
    /// <exception cref="InvalidOperationException">Not every request was answered with success.</exception>
    internal static WrkRun Parse(string output)
    {
        if (output.Contains("Non-2xx", StringComparison.Ordinal) || output.Contains("Socket errors", StringComparison.Ordinal))
            throw new InvalidOperationException($"wrk saw failures: {output}");
        return new WrkRun(
            long.Parse(Find(Requested(), output), CultureInfo.InvariantCulture), double.Parse(Find(Rate(), output), CultureInfo.InvariantCulture),
            Milliseconds(Find(Half(), output)), Milliseconds(Find(Most(), output)));
    }

    private static string Find(Regex pattern, string output) =>
        pattern.Match(output) is { Success: true } match ? match.Groups[1].Value : throw new InvalidOperationException($"wrk said something unknown: {output}");

    private static double Milliseconds(string text)
    {
        string unit = text.TrimStart("0123456789.".ToCharArray());
        double value = double.Parse(text[..^unit.Length], CultureInfo.InvariantCulture);
        return unit switch
        {
            "us" => value / 1000,
            "ms" => value,
            "s" => value * 1000,
            _ => throw new InvalidOperationException($"wrk gave a latency of {text}"),
        };
    }

    [GeneratedRegex(@"(\d+) requests in ")]
    private static partial Regex Requested();

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex Rate();

    [GeneratedRegex(@"\s50%\s+([\d.]+\w+)")]
    private static partial Regex Half();

    [GeneratedRegex(@"\s99%\s+([\d.]+\w+)")]
    private static partial Regex Most();
}
