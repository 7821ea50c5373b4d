using System.Text.Json;

namespace NativeLambda.Emulator.Logging;

/// <summary>Why the processes of an invocation ended. Its record is the text itself, as the older Logs API has it.</summary>
/// <param name="RequestId">The id of the request.</param>
/// <param name="Message">What happened.</param>
internal sealed record Fault(string RequestId, string Message) : PlatformEvent
{
    public override string Type => "platform.fault";

    public override SystemLogLevel Level => SystemLogLevel.Warn;

    public override string Text => $"RequestId: {RequestId} Error: {Message}";

    protected override void WriteRecord(Utf8JsonWriter json) => json.WriteStringValue(Text);
}
