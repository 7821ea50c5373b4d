using System.Text.Json;

namespace NativeLambda.Emulator.Logging;

/// <summary>Init begins.</summary>
/// <param name="InitializationType"><c>on-demand</c> or <c>provisioned-concurrency</c>.</param>
/// <param name="Phase"><c>init</c> or <c>invoke</c>.</param>
/// <param name="FunctionName">The function's name.</param>
/// <param name="FunctionVersion">The function's version.</param>
internal sealed record InitStarted(string InitializationType, string Phase, string FunctionName, string FunctionVersion) : PlatformEvent
{
    /// <summary>The runtime in whose place the bootstrap runs; Lambda adds a version that is not known here.</summary>
    public const string RuntimeVersion = "provided:al2023";

    public override string Type => "platform.initStart";

    public override SystemLogLevel Level => SystemLogLevel.Info;

    public override string? Text => null;

    protected override void WriteRecord(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("initializationType", InitializationType);
        json.WriteString("phase", Phase);
        json.WriteString("runtimeVersion", RuntimeVersion);
        json.WriteString("functionName", FunctionName);
        json.WriteString("functionVersion", FunctionVersion);
        json.WriteEndObject();
    }
}
