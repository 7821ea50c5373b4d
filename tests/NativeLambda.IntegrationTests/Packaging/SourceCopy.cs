using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Packaging;

/// <summary>What the library's packages are made of, in a folder of its own, as a clone of a repository that somebody has published.</summary>
internal static class SourceCopy
{
    /// <summary>Where it was cloned from.</summary>
    public const string Remote = "https://github.com/example/native-lambda.git";

    // Dated, so that the commit of the same files is the same everywhere.
    private const string Date = "2026-01-01T00:00:00Z";

    private static readonly string[] Sources =
    [
        ".editorconfig", ".gitignore", "BannedSymbols.txt", "Directory.Build.props", "Directory.Packages.props", "LICENSE", "global.json", "build", "src/NativeLambda", "templates",
    ];

    /// <summary>Makes it.</summary>
    /// <param name="folder">Where; made, too.</param>
    public static async Task MakeAsync(string folder)
    {
        foreach (string source in Sources)
        {
            string target = Path.Combine(folder, source);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            await Tool.RunAsync("cp", "-pR", "--", Path.Combine(Repository.Root, source), target);
        }

        await Tool.RunAsync("git", "-C", folder, "init", "--quiet", "--initial-branch=main");
        await Tool.RunAsync("git", "-C", folder, "remote", "add", "origin", Remote);
        await Tool.RunAsync("git", "-C", folder, "add", "--all");
        await Tool.RunAsync(
            "env", $"GIT_AUTHOR_DATE={Date}", $"GIT_COMMITTER_DATE={Date}", "git", "-C", folder, "-c", "user.name=Anybody", "-c", "user.email=anybody@example.org",
            "-c", "commit.gpgsign=false", "commit", "--quiet", "--message=All");
    }

    /// <summary>The commit.</summary>
    public static async Task<string> CommitAsync(string folder) => (await Tool.RunAsync("git", "-C", folder, "rev-parse", "HEAD")).Trim();
}
