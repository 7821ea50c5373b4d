using System.Text.Json;

namespace NativeLambda.Packaging.Publishing;

/// <summary>What <c>aws-lambda-tools-defaults.json</c> says on building; <c>dotnet lambda</c> reads the same.</summary>
/// <param name="ProjectLocation">The project's folder, from the file's.</param>
/// <param name="Configuration">The build's configuration.</param>
/// <param name="Framework">The target framework.</param>
/// <param name="MSBuildParameters">What is passed on to <c>dotnet publish</c> as it is.</param>
internal sealed record ToolDefaults(string ProjectLocation, string Configuration, string Framework, string MSBuildParameters)
{
    public const string FileName = "aws-lambda-tools-defaults.json";

    /// <summary>Reads the file as the tool does: comments are passed over, trailing commas are an error.</summary>
    /// <exception cref="PackageException">It is not there, or not as it should be.</exception>
    public static ToolDefaults Read(string path)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip });
            return new ToolDefaults(
                Text(document.RootElement, "project-location") ?? ".", Text(document.RootElement, "configuration") ?? "Release",
                Text(document.RootElement, "framework") ?? throw PackageException.ForInput($"{path}: framework is missing"),
                Text(document.RootElement, "msbuild-parameters") ?? "");
        }
        catch (Exception exception) when (exception is IOException or JsonException)
        {
            throw PackageException.ForInput($"{path}: {exception.Message}");
        }
    }

    private static string? Text(JsonElement root, string key) =>
        root.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;
}
