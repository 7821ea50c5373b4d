using CsCheck;
using NativeLambda.Database;

namespace NativeLambda.Tests.Database;

public sealed class RetryDelayTests
{
    [Fact]
    public void A_wait_is_between_the_shortest_and_three_times_the_previous_one_and_never_over_the_longest() =>
        Gen.Int.Sample(seed =>
        {
            var delay = new RetryDelay(new Random(seed));
            TimeSpan previous = RetryDelay.Shortest;
            for (int i = 0; i < 50; i++)
            {
                TimeSpan next = delay.Next();
                TimeSpan ceiling = previous * 3 < RetryDelay.Longest ? previous * 3 : RetryDelay.Longest;
                Assert.InRange(next, RetryDelay.Shortest, ceiling);
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
}
