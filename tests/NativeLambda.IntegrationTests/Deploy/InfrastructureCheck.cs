using System.Text.Json;
using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Deploy;

/// <summary>The check of <c>deploy/</c> that <c>build/check-infrastructure</c> runs.</summary>
internal static class InfrastructureCheck
{
    private static readonly string? Packages = Find();

    public static string Template { get; } = Path.Combine(Repository.Root, "deploy", "cloudformation", "template.yaml");

    public static string Module { get; } = Path.Combine(Repository.Root, "deploy", "terraform");

    public static void SkipUnlessInstalled() => Assert.SkipWhen(
        Packages is null, "the npm packages for checks of deploy/ are not installed: build/test does it, where npm can");

    /// <summary>What is wrong with templates and modules, by their paths.</summary>
    public static async Task<IReadOnlyDictionary<string, string[]>> RunAsync(params IEnumerable<string> paths) =>
        JsonSerializer.Deserialize<Dictionary<string, string[]>>(await NodeAsync(["--json", .. paths]))!;

    /// <summary>What the CloudFormation template comes to with the defaults of its parameters.</summary>
    public static async Task<JsonElement> ResolveTemplateAsync() => JsonElement.Parse(await NodeAsync(["--resolved", Template]));

    private static Task<string> NodeAsync(IEnumerable<string> arguments)
    {
        string script = Path.Combine(Repository.Root, "tests", "NativeLambda.IntegrationTests", "Deploy", "check", "main.js");
        return Tool.RunAsync("env", [$"NATIVELAMBDA_INFRASTRUCTURE={Packages}", "node", script, .. arguments]);
    }

    private static string? Find()
    {
        string folder = Environment.GetEnvironmentVariable("NATIVELAMBDA_INFRASTRUCTURE")
            ?? Path.Combine(Repository.Root, "artifacts", "infrastructure");
        return File.Exists(Path.Combine(folder, "provider", ".ready")) ? folder : null;
    }
}
