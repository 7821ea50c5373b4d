using System.Globalization;
using System.Text.Json;

namespace NativeLambda.Emulator.Logging;

/// <summary>Init is over. As text Lambda reports failures only.</summary>
/// <param name="InitializationType"><c>on-demand</c> or <c>provisioned-concurrency</c>.</param>
/// <param name="Phase"><c>init</c> or <c>invoke</c>.</param>
/// <param name="Duration">From the start of the first process.</param>
/// <param name="Status"><c>timeout</c> or <c>error</c>, or nothing for success.</param>
/// <param name="ErrorType">The error type, with the status <c>error</c>.</param>
internal sealed record InitReport(string InitializationType, string Phase, TimeSpan Duration, string? Status, string? ErrorType) : PlatformEvent
{
    public override string Type => "platform.initReport";

    public override SystemLogLevel Level =>
        Status is not null ? SystemLogLevel.Warn : InitializationType == "on-demand" ? SystemLogLevel.Debug : SystemLogLevel.Info;

    public override string? Text => Status is null ? null : string.Create(
        CultureInfo.InvariantCulture,
        $"INIT_REPORT Init Duration: {Duration.TotalMilliseconds:F2} ms\tPhase: {Phase}\tStatus: {Status}\t{(ErrorType is null ? "" : $"Error Type: {ErrorType}\t")}");

    protected override void WriteRecord(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("initializationType", InitializationType);
        json.WriteString("phase", Phase);
        WriteStatus(json, Status, ErrorType);
        json.WriteStartObject("metrics");
        WriteMilliseconds(json, "durationMs", Duration);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
