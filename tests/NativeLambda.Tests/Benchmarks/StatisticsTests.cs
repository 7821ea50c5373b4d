using NativeLambda.Reporting.Statistics;

namespace NativeLambda.Tests.Benchmarks;

/// <summary>Medians with confidence intervals, and ratios of them.</summary>
public sealed class StatisticsTests
{
    [Fact]
    public void The_interval_of_a_median_holds_the_true_one_in_about_95_of_100_runs()
    {
        const int Runs = 400;
        const double TrueMedian = 10;
        var random = new Random(7);

        int held = Enumerable.Range(0, Runs).Count(_ => Skewed(random, 40, TrueMedian).MedianInterval(random).Contains(TrueMedian));

        // Of 400 runs 380 are expected, with a standard deviation of four or five.
        Assert.InRange(held, 360, 396);
    }

    [Fact]
    public void The_interval_is_around_the_median_and_narrower_the_more_samples_there_are()
    {
        Distribution few = Skewed(new Random(1), 40, 10), many = Skewed(new Random(1), 4000, 10);
        Interval wide = few.MedianInterval(new Random(2)), narrow = many.MedianInterval(new Random(2));

        Assert.True(wide.Contains(few.Median));
        Assert.True(narrow.Contains(many.Median));
        Assert.InRange((narrow.High - narrow.Low) / (wide.High - wide.Low), 0.02, 0.4);
    }

    [Fact]
    public void The_same_seed_gives_the_same_interval()
    {
        Distribution samples = Skewed(new Random(3), 50, 10);

        Assert.Equal(samples.MedianInterval(new Random(4)), samples.MedianInterval(new Random(4)));
    }

    [Fact]
    public void A_ratio_is_that_of_the_medians_and_its_interval_is_around_it()
    {
        Distribution one = Skewed(new Random(5), 200, 30), other = Skewed(new Random(6), 200, 10);
        Ratio ratio = Ratio.Between(one, other, new Random(7));

        Assert.Equal(one.Median / other.Median, ratio.Median, tolerance: 1e-12);
        Assert.True(ratio.Interval.Contains(3));
        Assert.False(ratio.Interval.Contains(2));
    }

    [Fact]
    public void One_sample_is_its_own_interval() => Assert.Equal(new Interval(5, 5), new Distribution([5]).MedianInterval(new Random(1)));

    /// <summary>Samples as times are: none far below the median, some far above.</summary>
    private static Distribution Skewed(Random random, int count, double median) =>
        new(Enumerable.Range(0, count).Select(_ => median * Math.Exp(random.NextDouble() * 2 - 1)));
}
