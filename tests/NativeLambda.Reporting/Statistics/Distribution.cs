namespace NativeLambda.Reporting.Statistics;

/// <summary>What is told of the samples of one measurement, in whatever unit; quantiles by nearest rank.</summary>
internal sealed class Distribution
{
    private const int Draws = 1000;

    private readonly double[] _sorted;

    /// <summary>Sorts the samples.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public Distribution(IEnumerable<double> samples)
    {
        _sorted = [.. samples.Order()];
        if (_sorted.Length == 0) throw new ArgumentException("a distribution has a sample at least", nameof(samples));
    }

    /// <summary>How many samples there are.</summary>
    public int Count => _sorted.Length;

    /// <summary>Half of them do not exceed it.</summary>
    public double Median => Quantile(0.5);

    /// <summary>The least of the samples that so great a share of them does not exceed.</summary>
    /// <param name="share">From 0 to 1.</param>
    public double Quantile(double share) => _sorted[Math.Clamp((int)Math.Ceiling(_sorted.Length * share) - 1, 0, _sorted.Length - 1)];

    /// <summary>The 95 % confidence interval of the median, by a percentile bootstrap: the samples are drawn anew a thousand times.</summary>
    public Interval MedianInterval(Random random)
    {
        var medians = new Distribution(Enumerable.Range(0, Draws).Select(_ => ResampledMedian(random)));
        return new Interval(medians.Quantile(0.025), medians.Quantile(0.975));
    }

    /// <summary>The median of as many samples drawn from these, each as often as chance has it.</summary>
    public double ResampledMedian(Random random)
    {
        // The samples are sorted: the median of a draw is the sample at the median of the drawn ranks.
        var ranks = new int[_sorted.Length];
        for (int i = 0; i < ranks.Length; i++) ranks[i] = random.Next(_sorted.Length);
        Array.Sort(ranks);
        return _sorted[ranks[(int)Math.Ceiling(ranks.Length * 0.5) - 1]];
    }
}
