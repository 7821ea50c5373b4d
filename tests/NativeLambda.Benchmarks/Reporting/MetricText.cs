using System.Globalization;
using NativeLambda.Reporting.Statistics;

namespace NativeLambda.Benchmarks.Reporting;

/// <summary>Figures as tables show them.</summary>
internal static class MetricText
{
    /// <summary>Three figures that count, or whole numbers.</summary>
    public static string Number(double value) => value.ToString(
        Math.Abs(value) switch
        {
            >= 100 => "0",
            >= 10 => "0.0",
            >= 1 => "0.00",
            _ => "0.000",
        },
        CultureInfo.InvariantCulture);

    /// <summary>The median; nothing where there is no sample.</summary>
    public static string Median(Distribution? samples) => samples is null ? "" : Number(samples.Median);

    /// <summary>The median and its 95 % confidence interval.</summary>
    public static string MedianWithInterval(Distribution? samples, Random random)
    {
        if (samples is null) return "";
        Interval interval = samples.MedianInterval(random);
        return $"{Number(samples.Median)} ({Number(interval.Low)} to {Number(interval.High)})";
    }
}
