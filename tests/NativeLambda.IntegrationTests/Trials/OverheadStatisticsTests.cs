using Microsoft.Extensions.Time.Testing;
using NativeLambda.Reporting.Statistics;
using NativeLambda.Trials.Overhead;

namespace NativeLambda.IntegrationTests.Trials;

/// <summary>How the samples of the overhead are taken and summed up.</summary>
public sealed class OverheadStatisticsTests
{
    [Fact]
    public void Quantiles_are_samples_by_nearest_rank_whatever_their_order()
    {
        var distribution = new Distribution(Enumerable.Range(1, 100).Select(static i => (double)(i * 37 % 101)));

        Assert.Equal((1, 10, 50, 90, 99, 100), (
            distribution.Quantile(0), distribution.Quantile(0.1), distribution.Median, distribution.Quantile(0.9), distribution.Quantile(0.99), distribution.Quantile(1)));
        Assert.Equal(7, new Distribution([7]).Quantile(0.99));
        Assert.Throws<ArgumentException>(static () => new Distribution([]));
    }

    [Fact]
    public void A_real_difference_is_found_and_the_interval_is_around_it()
    {
        double[] reference = Samples(seed: 1, count: 500, least: 100);
        var difference = Difference.Between(new Distribution(reference.Select(static sample => sample + 40)), new Distribution(reference), new Random(2));

        Assert.Equal(40, difference.Median, tolerance: 1e-9);
        Assert.InRange(difference.Low, 25, 40);
        Assert.InRange(difference.High, 40, 55);
        Assert.False(difference.IncludesZero);
    }

    [Fact]
    public void Two_draws_from_the_same_do_not_differ()
    {
        var difference = Difference.Between(
            new Distribution(Samples(seed: 3, count: 500, least: 100)), new Distribution(Samples(seed: 4, count: 500, least: 100)), new Random(5));

        Assert.True(difference.IncludesZero, difference.ToString());
        Assert.InRange(difference.Median, difference.Low, difference.High);
    }

    [Fact]
    public async Task Each_course_runs_once_a_round_in_changing_order_and_only_its_run_is_timed()
    {
        var time = new FakeTimeProvider();
        var order = new List<string>();
        Course Make(string name, int microseconds) => new()
        {
            Name = name,
            PrepareAsync = _ => Pass(time, 1000),
            RunAsync = _ =>
            {
                order.Add(name);
                return Pass(time, microseconds);
            },
            SettleAsync = _ => Pass(time, 2000),
        };

        var samples = await Sampler.RunAsync(
            [Make("a", 10), Make("b", 20), Make("c", 30)], rounds: 20, warmUp: 5, new Random(1), time, TestContext.Current.CancellationToken);

        Assert.Equal([.. Enumerable.Repeat(10.0, 20)], samples[0]);
        Assert.Equal([.. Enumerable.Repeat(20.0, 20)], samples[1]);
        Assert.Equal([.. Enumerable.Repeat(30.0, 20)], samples[2]);
        string[] rounds = [.. order.Chunk(3).Select(static round => string.Concat(round))];
        Assert.Equal(25, rounds.Length);
        Assert.All(rounds, static round => Assert.Equal("abc", string.Concat(round.Order())));
        Assert.True(rounds.Distinct().Count() > 3, "the order does not change");
    }

    private static Task Pass(FakeTimeProvider time, int microseconds)
    {
        time.Advance(TimeSpan.FromMicroseconds(microseconds));
        return Task.CompletedTask;
    }

    private static double[] Samples(int seed, int count, double least)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => least + 100 * random.NextDouble())];
    }
}
