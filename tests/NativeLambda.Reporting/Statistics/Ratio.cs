namespace NativeLambda.Reporting.Statistics;

/// <summary>How many times another measurement one is: the ratio of the medians, and how sure it is.</summary>
/// <param name="Median">The ratio of the two medians.</param>
/// <param name="Interval">Its 95 % confidence interval.</param>
internal readonly record struct Ratio(double Median, Interval Interval)
{
    private const int Draws = 1000;

    /// <summary>Compares by a percentile bootstrap: both are drawn anew a thousand times, by themselves.</summary>
    public static Ratio Between(Distribution one, Distribution other, Random random)
    {
        var ratios = new Distribution(Enumerable.Range(0, Draws).Select(_ => one.ResampledMedian(random) / other.ResampledMedian(random)));
        return new Ratio(one.Median / other.Median, new Interval(ratios.Quantile(0.025), ratios.Quantile(0.975)));
    }
}
