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

    /// <summary>What a block may need instead of being run.</summary>
    public static readonly string[] Needs = ["aws", "docker", "network"];

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
            if (words is ["sh" or "bash" or "shell", ..]) blocks.Add(new CommandBlock(i + 2, words.ElementAtOrDefault(1) ?? "", string.Join('\n', lines[(i + 1)..end]) + "\n"));
            i = end;
        }
        return blocks;
    }
}
