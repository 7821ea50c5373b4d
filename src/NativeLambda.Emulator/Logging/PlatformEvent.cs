using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace NativeLambda.Emulator.Logging;

/// <summary>
/// Something that the platform logs: Lambda's line of text, or a record with the names of its Telemetry API
/// (https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html).
/// </summary>
internal abstract record PlatformEvent
{
    // Nobody puts a log line into a page as it is; quotes and tabs are escaped all the same.
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The type of the record, such as <c>platform.start</c>.</summary>
    public abstract string Type { get; }

    /// <summary>The level of the record, by Lambda's table of system log levels.</summary>
    public abstract SystemLogLevel Level { get; }

    /// <summary>The line of text; nothing where Lambda has none.</summary>
    public abstract string? Text { get; }

    /// <summary>Whether it tells of a failure.</summary>
    public bool IsFailure => Level == SystemLogLevel.Warn;

    /// <summary>The line of JSON.</summary>
    public string ToJson(DateTimeOffset time)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Relaxed))
        {
            json.WriteStartObject();
            json.WriteString("time", time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture));
            json.WriteString("type", Type);
            json.WritePropertyName("record");
            WriteRecord(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Writes the value of <c>record</c>.</summary>
    protected abstract void WriteRecord(Utf8JsonWriter json);

    /// <summary>Writes how it went; the type of the error only where there is one.</summary>
    protected static void WriteStatus(Utf8JsonWriter json, string? status, string? errorType)
    {
        json.WriteString("status", status ?? "success");
        if (errorType is not null) json.WriteString("errorType", errorType);
    }

    /// <summary>Writes a duration as Lambda does, to the microsecond.</summary>
    protected static void WriteMilliseconds(Utf8JsonWriter json, string name, TimeSpan duration) =>
        json.WriteNumber(name, Math.Round(duration.TotalMilliseconds, 3));
}
