using System.Text.Json;

namespace NativeLambda.Emulator.Logging;

/// <summary>An invocation begins: Lambda's START line.</summary>
/// <param name="RequestId">The id of its request.</param>
/// <param name="Version">The function's version.</param>
internal sealed record InvocationStarted(string RequestId, string Version) : PlatformEvent
{
    public override string Type => "platform.start";

    public override SystemLogLevel Level => SystemLogLevel.Info;

    public override string Text => $"START RequestId: {RequestId} Version: {Version}";

    protected override void WriteRecord(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("requestId", RequestId);
        json.WriteString("version", Version);
        json.WriteEndObject();
    }
}
