using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Documents;

/// <summary>A block of commands in a document.</summary>
/// <param name="Line">Its first line's number.</param>
/// <param name="Marker">What is to be done with it; empty where the document does not say.</param>
/// <param name="Text">The commands.</param>
internal sealed record CommandBlock(int Line, string Marker, string Text);

/// <summary>
/// The commands of a document: its blocks of <c>sh</c>, with the word behind that says what becomes of them. What can be run is run, what
/// cannot says what it needs.
/// </summary>
internal static class DocumentCommands
{
    /// <summary>Run from the root of the repository; must end with 0.</summary>
    public const string Run = "run";

    /// <summary>Run until it says that it is ready, and ended by Ctrl-C.</summary>
    public const string Serves = "serves";

    /// <summary>Run with <c>lambda-gateway</c> on the path, in a folder of its own.</summary>
    public const string Gateway = "gateway";

    /// <summary>Run by Arm64PackageTests, where it can be.</summary>
    public const string RunArm64 = "run-arm64";

    /// <summary>What CI runs, of which this test is a part.</summary>
    public const string Ci = "ci";

    /// <summary>Run by hand before a release: CONTRIBUTING.md has a list.</summary>
    public const string Release = "release";

    /// <summary>What a class of tests does, smaller or with ports of its own: its name follows.</summary>
    public const string By = "by:";

    /// <summary>What a block may need instead of being run.</summary>
    public static readonly string[] Needs = ["aws", "docker", "network"];

    /// <summary>Every document of the repository, as a path from its root. Not those that a template makes, which are other people's.</summary>
    public static IReadOnlyList<string> Documents { get; } = [.. Find(Repository.Root).Select(file => Path.GetRelativePath(Repository.Root, file))
        .Where(static file => !file.StartsWith("templates/nativelambda/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    /// <summary>Whether the word says what becomes of a block.</summary>
    public static bool IsKnown(string marker) =>
        marker is Run or Serves or Gateway or RunArm64 or Ci or Release || Needs.Contains(marker) || marker.StartsWith(By, StringComparison.Ordinal);

    /// <summary>The blocks of a document, in order.</summary>
    public static IReadOnlyList<CommandBlock> Of(string document) => Read(File.ReadAllText(Path.Combine(Repository.Root, document)));

    /// <summary>The blocks of a text in Markdown, in order.</summary>
    /// <exception cref="FormatException">A block has no end.</exception>
    public static IReadOnlyList<CommandBlock> Read(string markdown)
    {
        const string Fence = "```";
        var blocks = new List<CommandBlock>();
        string[] lines = markdown.ReplaceLineEndings("\n").Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            if (!lines[i].StartsWith(Fence, StringComparison.Ordinal)) continue;
            int end = Array.IndexOf(lines, Fence, i + 1);
            if (end < 0) throw new FormatException($"line {i + 1}: the block has no end");
            string[] words = lines[i][Fence.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words is ["sh" or "bash" or "shell" or "console", ..] || (words is [] && LooksLikeCommands(lines[(i + 1)..end]))) blocks.Add(new CommandBlock(i + 2, words.ElementAtOrDefault(1) ?? "", string.Join('\n', lines[(i + 1)..end]) + "\n"));
            i = end;
        }
        return blocks;
    }

    /// <summary>A block without a language may not hide commands.</summary>
    private static bool LooksLikeCommands(IEnumerable<string> lines) => lines.Any(static line =>
        line.Split(' ')[0] is var word && (word is "$" or "dotnet" or "curl" or "aws" or "psql" or "docker" or "git" or "npm" or "lambda-emulator" or "lambda-gateway"
            || word.StartsWith("build/", StringComparison.Ordinal) && !word.EndsWith('/') || word.StartsWith("./", StringComparison.Ordinal)));

    private static IEnumerable<string> Find(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder, "*.md"))
            yield return file;
        foreach (string inner in Directory.EnumerateDirectories(folder))
        {
            if (Path.GetFileName(inner) is "artifacts" or "bin" or "obj" or "node_modules" or "TestResults" || Path.GetFileName(inner).StartsWith('.')) continue;
            foreach (string file in Find(inner))
                yield return file;
        }
    }
}
