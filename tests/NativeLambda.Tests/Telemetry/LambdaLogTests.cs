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

    [Fact]
    public void A_json_record_without_an_exception_is_one_object_with_these_members_in_this_order()
    {
        using var recorder = new LogRecorder(_time, json: true);
        recorder.Log.Write(LogLevel.Info, "hello");
        Assert.Equal("""{"timestamp":"2026-02-03T04:05:06.007Z","level":"INFO","message":"hello"}""", Assert.Single(recorder.Lines));
    }

    [Theory]
    [InlineData("täglich 🦆 \u2028 </script> \u0000\u001f\u007f \\ \"")]
    [InlineData("~ half of a pair ~")]
    [InlineData("")]
    public void Any_text_comes_out_of_a_json_record_as_it_went_in_but_for_what_is_not_Unicode(string text)
    {
        text = text.Replace('~', '\ud83e'); // which no attribute can hold
        using var recorder = new LogRecorder(_time, json: true);
        recorder.Log.Write(LogLevel.Info, text, text);
        string line = Assert.Single(recorder.Lines);
        Assert.True(System.Text.Ascii.IsValid(line), line);
        string expected = System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));
        JsonElement record = JsonElement.Parse(line);
        Assert.Equal((expected, expected), (record.GetProperty("message").GetString(), record.GetProperty("requestId").GetString()));
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(10, "0.001")]
    [InlineData(9, "0")]
    [InlineData(123_450_000, "12345")]
    [InlineData(123_456_780, "12345.678")]
    [InlineData(-15_000, "-1.500")]
    public void A_duration_is_in_milliseconds_to_the_microsecond(long ticks, string expected)
    {
        var line = new LogLine(json: true);
        line.Milliseconds(TimeSpan.FromTicks(ticks));
        Assert.Equal(expected, System.Text.Encoding.UTF8.GetString(line.Written));
    }

    [Fact]
    public async Task Records_of_several_threads_do_not_mix()
    {
        using var recorder = new LogRecorder(_time, json: true);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                recorder.Log.Begin($"r{thread}", $"trace{thread}");
                recorder.Log.Write(LogLevel.Info, new string((char)('a' + thread), 200), $"r{thread}");
                recorder.Log.End($"r{thread}");
            }
        })));
        Assert.Equal(400, recorder.Lines.Length);
        Assert.All(recorder.Lines.Select(line => JsonElement.Parse(line)), record =>
        {
            string message = record.GetProperty("message").GetString()!;
            Assert.Equal((200, 1), (message.Length, message.Distinct().Count()));
            Assert.Equal($"trace{message[0] - 'a'}", record.GetProperty("traceId").GetString());
        });
    }
}
