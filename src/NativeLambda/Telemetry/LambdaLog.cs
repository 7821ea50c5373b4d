using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using NativeLambda.Json;
using NativeLambda.Runtime;

namespace NativeLambda.Telemetry;

/// <summary>
/// The log of the environment: one line a record, to standard output, as JSON or as text after <c>AWS_LAMBDA_LOG_FORMAT</c>,
/// from <c>AWS_LAMBDA_LOG_LEVEL</c> on.
/// </summary>
/// <remarks>
/// Source: <see href="https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html">Lambda, log formats</see>.
/// It writes to the stream itself: <see cref="Console"/>'s writer, encodings and locks cost cold start.
/// </remarks>
public sealed class LambdaLog
{
    private readonly Stream _output;
    private readonly TimeProvider _time;
    private readonly bool _json;
    private readonly LogLevel _from;
    private readonly Lock _lock = new();

    internal LambdaLog(Stream output, TimeProvider time, bool json, LogLevel from)
    {
        _output = output;
        _time = time;
        _json = json;
        _from = from;
    }

    /// <summary>The log that the environment variables ask for. Text and <see cref="LogLevel.Info"/> where they ask for nothing; always JSON on Lambda Managed Instances, which take nothing else.</summary>
    /// <param name="time">The clock of the records.</param>
    internal static LambdaLog FromEnvironment(TimeProvider time) => new(
        Console.OpenStandardOutput(),
        time,
        string.Equals(Environment.GetEnvironmentVariable("AWS_LAMBDA_LOG_FORMAT"), "JSON", StringComparison.OrdinalIgnoreCase)
            || LaneCount.IsMany(Environment.GetEnvironmentVariable),
        Environment.GetEnvironmentVariable("AWS_LAMBDA_LOG_LEVEL")?.ToUpperInvariant() switch
        {
            "TRACE" or "DEBUG" => LogLevel.Debug,
            "WARN" => LogLevel.Warn,
            "ERROR" or "FATAL" => LogLevel.Error,
            _ => LogLevel.Info,
        });

    /// <summary>Whether a record of this level is written.</summary>
    /// <param name="level">The level of the record.</param>
    public bool IsEnabled(LogLevel level) => level >= _from;

    /// <summary>Writes one record.</summary>
    /// <param name="level">How serious it is.</param>
    /// <param name="message">What happened. Without secrets.</param>
    /// <param name="requestId">The invocation that it belongs to, if any.</param>
    /// <param name="exception">What was thrown, if anything: its type, message and stack trace go to the log, and only there.</param>
    public void Write(LogLevel level, string message, string? requestId = null, Exception? exception = null)
    {
        if (!IsEnabled(level))
            return;
        string timestamp = _time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        byte[] line = _json
            ? Json(timestamp, level, message, requestId, exception)
            : Text(timestamp, level, message, requestId, exception);

        // One write a record, so that records of several threads do not mix.
        lock (_lock)
        {
            _output.Write(line);
            _output.Flush();
        }
    }

    private static string Name(LogLevel level) => level switch
    {
        LogLevel.Debug => "DEBUG",
        LogLevel.Info => "INFO",
        LogLevel.Warn => "WARN",
        _ => "ERROR",
    };

    private static byte[] Text(string timestamp, LogLevel level, string message, string? requestId, Exception? exception)
    {
        // A record is one line: a carriage return keeps the lines of a stack trace together in CloudWatch.
        string details = exception is null ? "" : " " + exception.ToString();
        string line = $"{timestamp} {requestId ?? "-"} {Name(level)} {message}{details}";
        return Encoding.UTF8.GetBytes(line.ReplaceLineEndings("\r") + "\n");
    }

    private static byte[] Json(string timestamp, LogLevel level, string message, string? requestId, Exception? exception)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, JsonEscaping.ForAnyReader.Options))
        {
            json.WriteStartObject();
            json.WriteString("timestamp", timestamp);
            json.WriteString("level", Name(level));
            json.WriteString("message", message);
            if (requestId is not null)
                json.WriteString("requestId", requestId);
            if (exception is not null)
            {
                json.WriteString("errorType", exception.GetType().FullName);
                json.WriteString("errorMessage", exception.Message);
                json.WriteStartArray("stackTrace");
                foreach (ReadOnlySpan<char> frame in exception.ToString().AsSpan().EnumerateLines())
                    json.WriteStringValue(frame);
                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }
}
