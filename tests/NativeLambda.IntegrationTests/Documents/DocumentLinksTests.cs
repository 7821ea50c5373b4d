using System.Text.RegularExpressions;
using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Documents;

/// <summary>What a document links to within the repository is there: the file, and the heading in it.</summary>
public sealed partial class DocumentLinksTests
{
    [Fact]
    public void Every_file_and_heading_that_a_document_links_to_is_there() => Assert.Empty(
        DocumentCommands.Documents.SelectMany(static document => Broken(document, File.ReadAllText(Path.Combine(Repository.Root, document)))));

    [Theory]
    [InlineData("[a](docs/none.md)")]
    [InlineData("[a](docs/tuning.md#none)")]
    [InlineData("[a](#none)")]
    public void A_link_to_nothing_is_found(string text) => Assert.Single(Broken("README.md", text));

    [Theory]
    [InlineData("[a](https://example.com/none.md)")]
    [InlineData("[a](docs/tuning.md#what-lambda-sets)")]
    [InlineData("# A `b`, c: d\n[a](#a-b-c-d)")]
    [InlineData("```\n[a](none.md)\n```")]
    public void Others_are_none(string text) => Assert.Empty(Broken("README.md", text));

    private static IEnumerable<string> Broken(string document, string markdown)
    {
        foreach (Match link in Link().Matches(Fenced().Replace(markdown, "")))
        {
            string[] parts = link.Groups[1].Value.Split('#', 2);
            if (parts[0].Contains("://", StringComparison.Ordinal)) continue;
            string target = parts[0].Length == 0 ? document : Path.Combine(Path.GetDirectoryName(document)!, parts[0]);
            string file = Path.GetFullPath(Path.Combine(Repository.Root, target));
            if (!File.Exists(file) && !Directory.Exists(file))
                yield return $"{document}: {link.Groups[1].Value} is not there";
            else if (parts.Length == 2 && file.EndsWith(".md", StringComparison.Ordinal) && !Headings(parts[0].Length == 0 ? markdown : File.ReadAllText(file)).Contains(parts[1]))
                yield return $"{document}: {link.Groups[1].Value} has no such heading";
        }
    }

    /// <summary>The headings as the hosts of repositories name them in links.</summary>
    private static HashSet<string> Headings(string markdown) => [.. Heading().Matches(Fenced().Replace(markdown, ""))
        .Select(static heading => NoWord().Replace(heading.Groups[1].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'))];

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^```.*?^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fenced();

    [GeneratedRegex("^#+ (.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NoWord();
}
