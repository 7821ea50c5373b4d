namespace NativeLambda.Reporting.Statistics;

/// <summary>How much more one measurement is than another: the difference of the medians, and how sure it is.</summary>
/// <param name="Median">The difference of the two medians.</param>
/// <param name="Low">The lower end of its 95 % confidence interval.</param>
/// <param name="High">The upper end.</param>
internal readonly record struct Difference(double Median, double Low, double High)
{
    private const int Draws = 1000;

    /// <summary>Whether the interval leaves it open which of the two is more.</summary>
    public bool IncludesZero => Low <= 0 && High >= 0;

    /// <summary>Compares by a percentile bootstrap: both are drawn anew a thousand times, by themselves.</summary>
    public static Difference Between(Distribution one, Distribution other, Random random)
    {
        var differences = new Distribution(Enumerable.Range(0, Draws).Select(_ => one.ResampledMedian(random) - other.ResampledMedian(random)));
        return new Difference(one.Median - other.Median, differences.Quantile(0.025), differences.Quantile(0.975));
    }
}
