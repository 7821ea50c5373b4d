using System.Text.Json;
using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Sdk;

/// <summary>AWS's client for JavaScript, a process a call.</summary>
internal static class SdkClient
{
    private static readonly string? Modules = Find();

    public static void SkipUnlessInstalled() => Assert.SkipWhen(
        Modules is null, "npm package @aws-sdk/client-lambda is not installed: build/test does it, where npm can");

    /// <summary>Sends a command, such as <c>InvokeCommand</c>, and returns the answer or the exception as <c>call.js</c> prints it.</summary>
    public static async Task<JsonElement> SendAsync(Uri endpoint, string command, object input)
    {
        string script = Path.Combine(AppContext.BaseDirectory, "Sdk", "call.js");
        string output = await Tool.RunAsync(
            "env", $"NATIVELAMBDA_SDK={Modules}", "node", script, endpoint.ToString(), command, JsonSerializer.Serialize(input));
        return JsonSerializer.Deserialize<JsonElement>(output);
    }

    private static string? Find()
    {
        string directory = Environment.GetEnvironmentVariable("NATIVELAMBDA_SDK") ?? Path.Combine(Repository.Root, "artifacts", "sdk");
        return Directory.Exists(Path.Combine(directory, "node_modules", "@aws-sdk", "client-lambda")) ? directory : null;
    }
}
