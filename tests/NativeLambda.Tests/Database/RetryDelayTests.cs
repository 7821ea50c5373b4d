using CsCheck;
using NativeLambda.Database;

namespace NativeLambda.Tests.Database;

public sealed class RetryDelayTests
{
    [Fact]
    public void A_wait_is_between_the_shortest_and_three_times_the_previous_one_and_never_over_the_longest() =>
        Gen.Int.Select(Gen.Bool.Array[50]).Sample((seed, full) =>
        {
            var delay = new RetryDelay(new Random(seed));
            TimeSpan previous = TimeSpan.Zero;
            foreach (bool isServerFull in full)
            {
                TimeSpan next = delay.Next(isServerFull);
                TimeSpan shortest = isServerFull ? RetryDelay.ShortestWhenFull : RetryDelay.Shortest;
                TimeSpan ceiling = 3 * (previous > shortest ? previous : shortest);
                Assert.InRange(next, shortest, ceiling < RetryDelay.Longest ? ceiling : RetryDelay.Longest);
                previous = next;
            }
        });

    [Fact]
    public void Two_environments_that_were_refused_together_do_not_come_back_together()
    {
        var one = new RetryDelay(new Random(1));
        var other = new RetryDelay(new Random(2));
        Assert.NotEqual(one.Next(), other.Next());
    }

    [Fact]
    public void Nor_do_those_that_wait_as_long_as_anybody_may()
    {
        TimeSpan[] late = [.. Enumerable.Range(0, 20).Select(static seed =>
        {
            var delay = new RetryDelay(new Random(seed));
            for (int i = 0; i < 20; i++)
                delay.Next();
            return delay.Next();
        })];
        Assert.Equal(late.Length, late.Distinct().Count());
    }
}
