using Microsoft.Extensions.Time.Testing;
using NativeLambda.Emulator.Dashboard.Feed;

namespace NativeLambda.Tests.Emulator.Dashboard;

public sealed class InvocationMetricsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly InvocationMetrics _metrics;

    public InvocationMetricsTests() => _metrics = new InvocationMetrics(_time);

    [Fact]
    public void Before_the_first_invocation_there_are_no_percentiles()
    {
        MetricsReading reading = _metrics.Read();
        Assert.Null(reading.P50);
        Assert.Null(reading.P99);
        Assert.Equal(0, reading.PerSecond);
        Assert.Equal(0, reading.Invocations);
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 1, 2)]
    [InlineData(3, 2, 3)]
    [InlineData(100, 50, 99)]
    [InlineData(1000, 500, 990)]
    public void Percentiles_are_of_the_nearest_rank(int count, int p50, int p99)
    {
        foreach (int milliseconds in Enumerable.Range(1, count).Reverse()) Record(milliseconds);
        MetricsReading reading = _metrics.Read();
        Assert.Equal(TimeSpan.FromMilliseconds(p50), reading.P50);
        Assert.Equal(TimeSpan.FromMilliseconds(p99), reading.P99);
    }

    [Fact]
    public void The_rate_is_that_of_the_last_five_seconds()
    {
        for (int second = 0; second < 10; second++)
        {
            for (int i = 0; i < 20; i++) Record(1);
            _time.Advance(TimeSpan.FromSeconds(1));
        }
        Assert.Equal(20, _metrics.Read().PerSecond);
        _time.Advance(InvocationMetrics.RateWindow);
        Assert.Equal(0, _metrics.Read().PerSecond);
        Assert.Equal(200, _metrics.Read().Invocations);
    }

    [Fact]
    public void After_a_minute_an_invocation_counts_in_the_totals_only()
    {
        _metrics.Record("f", TimeSpan.FromSeconds(9), cold: true, failed: true);
        _time.Advance(InvocationMetrics.Window);
        Record(3);
        Assert.Equal(TimeSpan.FromSeconds(9), _metrics.Read().P99);
        _time.Advance(TimeSpan.FromTicks(1));
        MetricsReading reading = _metrics.Read();
        Assert.Equal(TimeSpan.FromMilliseconds(3), reading.P99);
        Assert.Equal((1, 0), (reading.RecentInvocations, reading.RecentColdStarts));
        Assert.Equal((2, 1, 1), (reading.Invocations, reading.ColdStarts, reading.Failures));
    }

    [Fact]
    public void Each_function_has_figures_of_its_own()
    {
        _metrics.Record("a", TimeSpan.FromMilliseconds(10), cold: true, failed: false);
        _metrics.Record("b", TimeSpan.FromMilliseconds(90), cold: false, failed: true);
        Assert.Equal((1, 1, 0), Totals("a"));
        Assert.Equal((1, 0, 1), Totals("b"));
        Assert.Equal((2, 1, 1), Totals(null));
        Assert.Equal(TimeSpan.FromMilliseconds(10), _metrics.Read("a").P99);
        Assert.Null(_metrics.Read("c").P50);
    }

    [Fact]
    public void It_does_not_grow_without_bound()
    {
        for (int i = 0; i < InvocationMetrics.Kept + 5; i++) Record(i);
        MetricsReading reading = _metrics.Read();
        Assert.Equal(InvocationMetrics.Kept, reading.RecentInvocations);
        Assert.Equal(InvocationMetrics.Kept + 5, reading.Invocations);
    }

    private (long, long, long) Totals(string? function)
    {
        MetricsReading reading = _metrics.Read(function);
        return (reading.Invocations, reading.ColdStarts, reading.Failures);
    }

    private void Record(double milliseconds) => _metrics.Record("f", TimeSpan.FromMilliseconds(milliseconds), cold: false, failed: false);
}
