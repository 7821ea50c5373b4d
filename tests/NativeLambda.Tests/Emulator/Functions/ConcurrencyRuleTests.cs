using Microsoft.Extensions.Time.Testing;
using NativeLambda.Emulator.Functions;

namespace NativeLambda.Tests.Emulator.Functions;

public sealed class ConcurrencyRuleTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch);

    [Fact]
    public void What_is_set_aside_is_used_first_and_given_back_last()
    {
        var account = new AccountConcurrency(3, [1, 0]);
        AccountConcurrency.Share own = account.CreateShare(1), other = account.CreateShare(0);
        Assert.True(own.TryEnter());
        Assert.True(own.TryEnter()); // borrowed
        Assert.True(other.TryEnter());
        Assert.False(other.TryEnter());
        Assert.False(own.TryEnter());
        own.Exit(); // what was borrowed
        Assert.True(other.TryEnter());
        own.Exit();
        Assert.False(other.TryEnter()); // it is not the others'
        Assert.True(own.TryEnter());
    }

    [Fact]
    public void Environments_come_at_a_rate_that_does_not_save_up()
    {
        var rate = new ScalingRate(10, _time);
        Assert.Equal(10, Take(rate));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, Take(rate));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(10, Take(rate));
    }

    [Theory]
    [InlineData(null, null, false, null)]
    [InlineData(100, null, false, 40)]
    [InlineData(100, null, true, null)]
    [InlineData(null, 100, true, 30)]
    [InlineData(100, 100, false, 30)]
    [InlineData(50, 100, false, -10)]
    public void An_environment_may_stay_until_it_has_been_idle_or_there_for_too_long(int? idleTimeout, int? maxAge, bool provisioned, int? left)
    {
        var tenure = new Tenure(_time, provisioned);
        _time.Advance(TimeSpan.FromSeconds(10));
        tenure.BeginIdle();
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(Seconds(left), tenure.TimeLeft(Seconds(idleTimeout), Seconds(maxAge)));
    }

    private static TimeSpan? Seconds(int? seconds) => seconds is { } some ? TimeSpan.FromSeconds(some) : null;

    private static int Take(ScalingRate rate) => Enumerable.Range(0, 100).TakeWhile(_ => rate.TryTake()).Count();
}
