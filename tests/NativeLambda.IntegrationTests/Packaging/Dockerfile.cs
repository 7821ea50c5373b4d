using System.Text.RegularExpressions;
using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Packaging;

/// <summary>An instruction of a Dockerfile, its lines joined.</summary>
/// <param name="Word">FROM, RUN, …</param>
/// <param name="Flags">What begins with <c>--</c> right after it.</param>
/// <param name="Rest">What follows.</param>
/// <param name="Stage">The stage that it belongs to, from 0; −1 before the first.</param>
internal sealed record DockerInstruction(string Word, IReadOnlyList<string> Flags, string Rest, int Stage)
{
    public string[] Words => Rest.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    public string? Flag(string name) => Flags.FirstOrDefault(flag => flag.StartsWith($"--{name}=", StringComparison.Ordinal))?[(name.Length + 3)..];
}

/// <summary>A Dockerfile, as far as one can understand it without Docker.</summary>
internal sealed partial class Dockerfile
{
    /// <summary>The repository's own.</summary>
    public static Dockerfile Shipped { get; } = new(File.ReadAllText(Path.Combine(Repository.Root, "Dockerfile.aot")));

    public Dockerfile(string text)
    {
        int stage = -1;
        var instructions = new List<DockerInstruction>();
        string joined = string.Join('\n', text.Split('\n').Where(static line => !line.StartsWith('#'))).Replace("\\\n", " ", StringComparison.Ordinal);
        foreach (string line in joined.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            string[] flags = [.. words.Skip(1).TakeWhile(static word => word.StartsWith("--", StringComparison.Ordinal))];
            if (words[0] == "FROM") stage++;
            instructions.Add(new DockerInstruction(words[0], flags, string.Join(' ', words.Skip(1 + flags.Length)), stage));
        }
        Instructions = instructions;
        Stages = [.. Of("FROM").Select(static from => from.Words is [_, "AS", var name] ? name : throw new FormatException($"FROM {from.Rest} has no name"))];
    }

    public IReadOnlyList<DockerInstruction> Instructions { get; }

    /// <summary>The names of the stages, in order.</summary>
    public IReadOnlyList<string> Stages { get; }

    public IEnumerable<DockerInstruction> Of(string word, string? stage = null) =>
        Instructions.Where(instruction => instruction.Word == word && (stage is null || (instruction.Stage >= 0 && Stages[instruction.Stage] == stage)));

    /// <summary>What a stage copies from the repository: sources and where they go, relative to its folder.</summary>
    public IEnumerable<(string[] Sources, string Target)> CopiedFiles(string stage) =>
        Of("COPY", stage).Where(static copy => copy.Flag("from") is null).Select(static copy => (copy.Words[..^1], copy.Words[^1]));

    /// <summary>Puts variables in for their names, as Docker does: <c>$A</c>, <c>${A}</c>, <c>${A:+word}</c>.</summary>
    public static string Expand(string text, IReadOnlyDictionary<string, string> variables) => Variable().Replace(text, match =>
    {
        string value = variables.GetValueOrDefault(match.Groups["name"].Value, "");
        return match.Groups["then"].Success ? value.Length > 0 ? Expand(match.Groups["then"].Value, variables) : "" : value;
    });

    [GeneratedRegex(@"\$(?:(?<name>\w+)|\{(?<name>\w+)(?::\+(?<then>(?:[^{}]|\{[^}]*\})*))?\})")]
    private static partial Regex Variable();
}
