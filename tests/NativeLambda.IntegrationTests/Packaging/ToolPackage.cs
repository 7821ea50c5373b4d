using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Packaging;

/// <summary>The package of the tool in a folder of its own, which serves as a feed.</summary>
public sealed class ToolPackage : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory().FullName;

    public string Feed => Path.Combine(_directory, "feed");

    public async ValueTask InitializeAsync()
    {
        string project = Path.Combine(Repository.Root, "src", "NativeLambda.Emulator");
        // What was built for these tests is what is packed; no server of the build may stay behind.
        await Tool.RunAsync("dotnet", "pack", project, "-c", "Release", "--no-build", "-o", Feed, "-nodeReuse:false", "-p:UseSharedCompilation=false");
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_directory, recursive: true);
        return default;
    }

    /// <summary>Installs the tool.</summary>
    /// <returns>The folder of its program.</returns>
    public async Task<string> InstallAsync()
    {
        string tools = Path.Combine(_directory, "tools"), settings = Path.Combine(_directory, "nuget.config");
        await File.WriteAllTextAsync(settings, $"""<configuration><packageSources><clear /><add key="feed" value="{Feed}" /></packageSources></configuration>""");
        // A cache of its own: the user's would keep the package, and give it to the next test instead of the next package.
        await Tool.RunAsync(
            "env", $"NUGET_PACKAGES={Path.Combine(_directory, "cache")}", "dotnet", "tool", "install", "NativeLambda.Emulator", "--tool-path", tools, "--configfile", settings);
        return tools;
    }
}
