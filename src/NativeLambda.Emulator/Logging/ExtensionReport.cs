using System.Text.Json;

namespace NativeLambda.Emulator.Logging;

/// <summary>What has become of an extension when Init is over.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State">Its state, such as <c>Ready</c>.</param>
/// <param name="Events">The events that it wants.</param>
/// <param name="ErrorType">What it has reported, or why it could not be started.</param>
internal sealed record ExtensionReport(string Name, string State, IReadOnlyList<string> Events, string? ErrorType) : PlatformEvent
{
    public override string Type => "platform.extension";

    public override SystemLogLevel Level => State == "Ready" ? SystemLogLevel.Info : SystemLogLevel.Warn;

    public override string Text =>
        $"EXTENSION\tName: {Name}\tState: {State}\tEvents: [{string.Join(", ", Events)}]{(ErrorType is null ? "" : $"\tError Type: {ErrorType}")}";

    protected override void WriteRecord(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("name", Name);
        json.WriteString("state", State);
        json.WriteStartArray("events");
        foreach (string wanted in Events) json.WriteStringValue(wanted);
        json.WriteEndArray();
        if (ErrorType is not null) json.WriteString("errorType", ErrorType);
        json.WriteEndObject();
    }
}
