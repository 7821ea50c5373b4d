using System.Text.Json;

namespace NativeLambda.Emulator.Logging;

/// <summary>The runtime is through with an invocation: Lambda's END line.</summary>
/// <param name="Report">What is reported of the invocation next.</param>
internal sealed record RuntimeDone(ReportLine Report) : PlatformEvent
{
    public override string Type => "platform.runtimeDone";

    public override SystemLogLevel Level => Report.Status is null ? SystemLogLevel.Debug : SystemLogLevel.Warn;

    public override string Text => $"END RequestId: {Report.RequestId}";

    protected override void WriteRecord(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("requestId", Report.RequestId);
        WriteStatus(json, Report.Status, Report.ErrorType);
        json.WriteStartObject("metrics");
        WriteMilliseconds(json, "durationMs", Report.Duration);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
