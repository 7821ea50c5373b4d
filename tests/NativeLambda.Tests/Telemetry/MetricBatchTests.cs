using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using NativeLambda.Database;
using NativeLambda.Telemetry;
using NativeLambda.Tests.TestSupport;

namespace NativeLambda.Tests.Telemetry;

public sealed class MetricBatchTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 2, 3, 4, 5, 6, 7, TimeSpan.Zero));
    private readonly LogRecorder _log;
    private readonly MetricBatch _metrics;

    public MetricBatchTests()
    {
        // Metrics are no records: no level keeps them back, and the format of the log is not theirs.
        _log = new LogRecorder(_time, LogLevel.Error);
        _metrics = new MetricBatch(_log.Log, _time, "pro\"ducts");
    }

    public void Dispose() => _log.Dispose();

    private static TimeSpan Ms(double ms) => TimeSpan.FromMilliseconds(ms);

    [Fact]
    public void A_line_holds_every_metric_with_its_unit_and_its_dimensions()
    {
        _metrics.Opened(Ms(12.5), CloseCause.DeadSocket);
        _metrics.Thawed(Ms(2000.25));
        _metrics.Evicted(2);
        _metrics.HandlerFailed();
        _metrics.WriteDue();
        using EmfLine line = Line();
        Assert.Equal(_time.GetUtcNow().ToUnixTimeMilliseconds(), line.Timestamp);
        Assert.Equal(
            [
                "ConnectionOpens Count [FunctionName] 1", "Evictions Count [FunctionName] 2", "HandlerErrors Count [FunctionName] 1",
                "OpenDuration Milliseconds [FunctionName] [12.500]", "ReopensByCause Count [FunctionName,Cause] 1", "ThawGap Milliseconds [FunctionName] [2000.250]",
            ],
            line.Metrics);
        Assert.Equal(("pro\"ducts", "DeadSocket"), (line.Text("FunctionName"), line.Text("Cause")));
    }

    [Fact]
    public void A_line_holds_no_metric_that_has_no_value()
    {
        _metrics.Opened(Ms(3), replaced: null);
        _metrics.WriteDue();
        using EmfLine line = Line();
        Assert.Equal(["ConnectionOpens Count [FunctionName] 1", "OpenDuration Milliseconds [FunctionName] [3]"], line.Metrics);
        Assert.False(line.Has("Cause"));
    }

    [Fact]
    public void A_gap_alone_waits_for_others_and_is_written_when_they_are_a_hundred()
    {
        for (int i = 0; i < 99; i++)
        {
            _metrics.Thawed(Ms(i));
            _metrics.WriteDue();
        }

        Assert.Empty(_log.Lines);
        _metrics.Thawed(Ms(99));
        _metrics.WriteDue();
        using EmfLine line = Line();
        Assert.StartsWith("ThawGap Milliseconds [FunctionName] [0,1,2,", Assert.Single(line.Metrics), StringComparison.Ordinal);
        _metrics.WriteAll();
        Assert.Single(_log.Lines);
    }

    [Fact]
    public void Gaps_a_minute_apart_are_not_put_into_one_line()
    {
        long first = _time.GetUtcNow().ToUnixTimeMilliseconds();
        _metrics.Thawed(Ms(1));
        _time.Advance(TimeSpan.FromSeconds(59));
        _metrics.Thawed(Ms(2));
        _metrics.WriteDue();
        Assert.Empty(_log.Lines);
        _time.Advance(TimeSpan.FromSeconds(1));
        _metrics.Thawed(Ms(3));
        using (EmfLine line = Line())
            Assert.Equal((first, "ThawGap Milliseconds [FunctionName] [1,2]"), (line.Timestamp, Assert.Single(line.Metrics)));
        _metrics.WriteAll();
        using var rest = new EmfLine(_log.Lines[^1]);
        Assert.Equal((first + 60_000, "ThawGap Milliseconds [FunctionName] [3]"), (rest.Timestamp, Assert.Single(rest.Metrics)));
    }

    [Fact]
    public void So_they_are_not_when_the_clock_went_back()
    {
        var time = new SteppingTimeProvider();
        var metrics = new MetricBatch(_log.Log, time, "products");
        metrics.Thawed(Ms(1));
        time.StepWallClock(-TimeSpan.FromHours(1));
        metrics.Thawed(Ms(2));
        Assert.Single(_log.Lines);
    }

    [Fact]
    public void Reopens_for_two_causes_are_two_lines_and_for_one_cause_one()
    {
        _metrics.Opened(Ms(1), CloseCause.DeadSocket);
        _metrics.Opened(Ms(2), CloseCause.Lost);
        _metrics.Opened(Ms(3), CloseCause.Lost);
        _metrics.WriteDue();
        Assert.Equal(2, _log.Lines.Length);
        using var first = new EmfLine(_log.Lines[0]);
        using var second = new EmfLine(_log.Lines[1]);
        Assert.Equal(("DeadSocket", "Lost"), (first.Text("Cause"), second.Text("Cause")));
        Assert.Contains("ReopensByCause Count [FunctionName,Cause] 2", second.Metrics);
        Assert.Contains("OpenDuration Milliseconds [FunctionName] [2,3]", second.Metrics);
    }

    [Fact]
    public void Nothing_is_written_when_there_is_nothing()
    {
        _metrics.WriteDue();
        _metrics.WriteAll();
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public void More_opens_than_a_metric_may_have_values_are_two_lines()
    {
        for (int i = 0; i < 101; i++)
            _metrics.Opened(Ms(1), CloseCause.Released);
        _metrics.WriteDue();
        Assert.Equal(["100", "1"], _log.Lines.Select(line => JsonElement.Parse(line).GetProperty("ConnectionOpens").GetRawText()));
    }

    private EmfLine Line() => new(Assert.Single(_log.Lines));
}
