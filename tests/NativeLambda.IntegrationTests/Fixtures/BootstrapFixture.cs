using System.Diagnostics;

namespace NativeLambda.IntegrationTests.Fixtures;

/// <summary>The Native AOT bootstrap: the one that build/test has published, or one that is published when the first test asks.</summary>
public sealed class BootstrapFixture
{
    /// <summary>Path of a bootstrap to test; build/test sets it.</summary>
    public const string PathVariable = "NATIVELAMBDA_BOOTSTRAP";

    private readonly Lazy<Task<string>> _path = new(FindOrPublishAsync);

    /// <summary>Path of the executable.</summary>
    public Task<string> GetPathAsync() => _path.Value;

    private static async Task<string> FindOrPublishAsync()
    {
        if (Environment.GetEnvironmentVariable(PathVariable) is { Length: > 0 } given)
        {
            // The runner has moved to its own folder: a relative path is one from the root, where documents stand.
            string path = Path.GetFullPath(given, Repository.Root);
            return File.Exists(path)
                ? path
                : throw new InvalidOperationException($"{PathVariable} is {given}, which does not exist.");
        }

        // MSBuild knows what is stale: this costs seconds when nothing is.
        string folder = Path.Combine(Repository.Root, "artifacts", "publish", "bootstrap");
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList =
            {
                "publish", Path.Combine(Repository.Root, "src", "NativeLambda.Function"), "-c", "Release", "-o", folder,
                // A server that stays would keep our end of its output open for ever.
                "-nodeReuse:false", "-p:UseSharedCompilation=false",
            },
            RedirectStandardOutput = true,
            WorkingDirectory = Repository.Root,
        };
        using Process publish = Process.Start(start)!;
        string output = await publish.StandardOutput.ReadToEndAsync();
        await publish.WaitForExitAsync();
        if (publish.ExitCode != 0)
            throw new InvalidOperationException($"dotnet publish of the bootstrap failed:\n{output}");
        return Path.Combine(folder, "bootstrap");
    }
}
