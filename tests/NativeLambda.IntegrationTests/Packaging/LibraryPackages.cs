using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Packaging;

/// <summary>What build/pack makes of the library and its templates, in a folder that serves as a feed; made when the first test asks.</summary>
public sealed class LibraryPackages : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory().FullName;
    private readonly Lazy<Task> _making;

    public LibraryPackages() => _making = new Lazy<Task>(() => MakeAsync("clone", Feed, "src/NativeLambda", "templates"));

    /// <summary>The clone that they are made from.</summary>
    public string Clone => Path.Combine(_directory, "clone");

    private string Feed => Path.Combine(_directory, "feed");

    /// <summary>The folder with the packages.</summary>
    public async Task<string> FeedAsync()
    {
        await _making.Value;
        return Feed;
    }

    /// <summary>The library once more, from another clone.</summary>
    /// <returns>The folder with the packages.</returns>
    public async Task<string> MakeAgainAsync()
    {
        string output = Path.Combine(_directory, "again");
        await MakeAsync(Path.Combine("in", "another", "folder"), output, "src/NativeLambda");
        return output;
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private async Task MakeAsync(string clone, string output, params string[] projects)
    {
        string folder = Path.Combine(_directory, clone);
        await SourceCopy.MakeAsync(folder);
        await Tool.RunAsync(Path.Combine(folder, "build", "pack"), ["--output", output, .. projects]);
    }
}
