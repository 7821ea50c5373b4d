using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using NativeLambda.Telemetry;
using NativeLambda.Tests.TestSupport;

namespace NativeLambda.Tests.Telemetry;

public sealed class LambdaLogTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 2, 3, 4, 5, 6, 7, TimeSpan.Zero));

    private static InvalidOperationException Thrown()
    {
        try
        {
            throw new InvalidOperationException("line one\nline two");
        }
        catch (InvalidOperationException exception)
        {
            return exception;
        }
    }

    [Fact]
    public void A_json_record_has_a_level_a_timestamp_and_the_exception_with_its_stack_trace()
    {
        using var recorder = new LogRecorder(_time, json: true);
        recorder.Log.Write(LogLevel.Warn, "quote \" and\nnew line", "id-1", Thrown());
        using JsonDocument record = JsonDocument.Parse(Assert.Single(recorder.Lines));
        JsonElement root = record.RootElement;
        Assert.Equal("2026-02-03T04:05:06.007Z", root.GetProperty("timestamp").GetString());
        Assert.Equal("WARN", root.GetProperty("level").GetString());
        Assert.Equal("quote \" and\nnew line", root.GetProperty("message").GetString());
        Assert.Equal("id-1", root.GetProperty("requestId").GetString());
        Assert.Equal("System.InvalidOperationException", root.GetProperty("errorType").GetString());
        Assert.Contains(root.GetProperty("stackTrace").EnumerateArray(), frame => frame.GetString()!.Contains("Thrown", StringComparison.Ordinal));
    }

    [Fact]
    public void A_text_record_is_one_line_whatever_is_in_it()
    {
        using var recorder = new LogRecorder(_time);
        recorder.Log.Write(LogLevel.Error, "first\r\nsecond", null, Thrown());
        recorder.Log.Write(LogLevel.Info, "third", "id-1");
        Assert.Equal(2, recorder.Lines.Length);
        Assert.StartsWith("2026-02-03T04:05:06.007Z - ERROR first", recorder.Lines[0], StringComparison.Ordinal);
        Assert.Equal("2026-02-03T04:05:06.007Z id-1 INFO third", recorder.Lines[1]);
    }

    [Fact]
    public void Records_below_the_level_are_not_written()
    {
        using var recorder = new LogRecorder(_time, LogLevel.Warn);
        recorder.Log.Write(LogLevel.Info, "no");
        recorder.Log.Write(LogLevel.Warn, "yes");
        Assert.Single(recorder.Lines);
        Assert.False(recorder.Log.IsEnabled(LogLevel.Info));
    }
}
