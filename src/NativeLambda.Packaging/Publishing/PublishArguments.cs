namespace NativeLambda.Packaging.Publishing;

/// <summary>
/// The arguments that <c>dotnet lambda package</c> and <c>deploy-function</c> (Amazon.Lambda.Tools 7.0.0) give to <c>dotnet</c> for a project
/// that says itself that it is self-contained, when they build without a container. Found in their source,
/// https://github.com/aws/aws-extensions-for-dotnet-cli, and composed here so that build/package builds what they build.
/// </summary>
internal static class PublishArguments
{
    /// <summary>Composes them.</summary>
    /// <param name="root">The folder of the defaults.</param>
    /// <param name="defaults">The defaults.</param>
    /// <param name="architecture">The function's architecture.</param>
    /// <param name="output">Where the program goes; the tool takes <c>bin/Release/net10.0/publish</c> in the project's folder.</param>
    public static IReadOnlyList<string> Compose(string root, ToolDefaults defaults, LambdaArchitecture architecture, string output) =>
    [
        "publish", Path.GetFullPath(Path.Combine(root, defaults.ProjectLocation)).TrimEnd('/'),
        "--output", output,
        "--configuration", defaults.Configuration,
        "--framework", defaults.Framework,
        .. defaults.MSBuildParameters.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        "/p:GenerateRuntimeConfigurationFiles=true",
        "--runtime", architecture.RuntimeIdentifier,
    ];
}
