using System.Text.Json;

namespace NativeLambda.Emulator.Logging;

/// <summary>The runtime is through with Init.</summary>
/// <param name="InitializationType"><c>on-demand</c> or <c>provisioned-concurrency</c>.</param>
/// <param name="Phase"><c>init</c> or <c>invoke</c>.</param>
/// <param name="Status"><c>timeout</c> or <c>error</c>, or nothing for success.</param>
/// <param name="ErrorType">The error type, with the status <c>error</c>.</param>
internal sealed record InitRuntimeDone(string InitializationType, string Phase, string? Status, string? ErrorType) : PlatformEvent
{
    public override string Type => "platform.initRuntimeDone";

    public override SystemLogLevel Level => Status is null ? SystemLogLevel.Debug : SystemLogLevel.Warn;

    public override string? Text => null;

    protected override void WriteRecord(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("initializationType", InitializationType);
        json.WriteString("phase", Phase);
        WriteStatus(json, Status, ErrorType);
        json.WriteEndObject();
    }
}
