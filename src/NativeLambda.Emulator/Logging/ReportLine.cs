using System.Globalization;
using System.Text;
using System.Text.Json;

namespace NativeLambda.Emulator.Logging;

/// <summary>The figures of an invocation: Lambda's REPORT line.</summary>
internal sealed record ReportLine : PlatformEvent
{
    public override string Type => "platform.report";

    public override SystemLogLevel Level => Status is null ? SystemLogLevel.Info : SystemLogLevel.Warn;

    public override string Text => ToString();

    public required string RequestId { get; init; }

    /// <summary>From the dispatch until the runtime asked for the next invocation, or was killed.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>The memory size of the function, in MB.</summary>
    public required int MemorySizeMb { get; init; }

    /// <summary>The most that the process held at once since it started, in MB.</summary>
    public required int MaxMemoryUsedMb { get; init; }

    /// <summary>Set for the first invocation of an environment only.</summary>
    public TimeSpan? InitDuration { get; init; }

    /// <summary><c>timeout</c> or <c>error</c>, or nothing for success.</summary>
    public string? Status { get; init; }

    /// <summary>The error type, with the status <c>error</c>.</summary>
    public string? ErrorType { get; init; }

    /// <summary>Init is billed, too, and the sum rounded up to a millisecond.</summary>
    public long BilledMs => (long)Math.Ceiling((Duration + (InitDuration ?? TimeSpan.Zero)).TotalMilliseconds);

    public override string ToString()
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        var line = new StringBuilder();
        line.Append(culture, $"REPORT RequestId: {RequestId}\tDuration: {Duration.TotalMilliseconds:F2} ms\t");
        line.Append(culture, $"Billed Duration: {BilledMs} ms\tMemory Size: {MemorySizeMb} MB\tMax Memory Used: {MaxMemoryUsedMb} MB\t");
        if (InitDuration is { } init) line.Append(culture, $"Init Duration: {init.TotalMilliseconds:F2} ms\t");
        if (Status is not null) line.Append(culture, $"Status: {Status}\t");
        if (ErrorType is not null) line.Append(culture, $"Error Type: {ErrorType}\t");
        return line.ToString();
    }

    protected override void WriteRecord(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("requestId", RequestId);
        WriteStatus(json, Status, ErrorType);
        json.WriteStartObject("metrics");
        WriteMilliseconds(json, "durationMs", Duration);
        json.WriteNumber("billedDurationMs", BilledMs);
        json.WriteNumber("memorySizeMB", MemorySizeMb);
        json.WriteNumber("maxMemoryUsedMB", MaxMemoryUsedMb);
        if (InitDuration is { } init) WriteMilliseconds(json, "initDurationMs", init);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
