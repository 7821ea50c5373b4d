using System.Text.RegularExpressions;
using NativeLambda.IntegrationTests.Fixtures;
using NativeLambda.IntegrationTests.Packaging;

namespace NativeLambda.IntegrationTests.Documents;

/// <summary>Every block of commands in every document: run, or with a word that says where it is or what it needs.</summary>
/// <remarks>In the group of those that compile, as some of these do.</remarks>
[Collection(PackagingGroup.Name)]
public sealed partial class DocumentsTests(BootstrapFixture bootstrap)
{
    /// <summary>With commands of its own ways, in DeployingTests.</summary>
    private const string Deploying = "docs/deploying.md";

    private static readonly (string Document, CommandBlock Block)[] All =
        [.. DocumentCommands.Documents.SelectMany(document => DocumentCommands.Of(document).Select(block => (document, block)))];

    /// <summary>The documents of which something is run here.</summary>
    public static TheoryData<string> ToRun => [.. All
        .Where(static one => one.Document != Deploying && one.Block.Marker is DocumentCommands.Run or DocumentCommands.Serves or DocumentCommands.Gateway)
        .Select(static one => one.Document).Distinct()];

    [Fact]
    public void The_documents_are_found() => Assert.Empty(
        new[] { "README.md", "CONTRIBUTING.md", "docs/infrastructure.md", "docs/storm.md", Deploying }.Except(All.Select(static one => one.Document)));

    [Fact]
    public void No_block_leaves_open_what_becomes_of_it() => Assert.Empty(
        All.Where(static one => !DocumentCommands.IsKnown(one.Block.Marker)).Select(static one => $"{one.Document}:{one.Block.Line} says '{one.Block.Marker}': see CONTRIBUTING.md"));

    [Fact]
    public void The_tests_that_blocks_name_are_there()
    {
        HashSet<string> classes = [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*Tests.cs", SearchOption.AllDirectories)
            .SelectMany(static file => TestClass().Matches(File.ReadAllText(file)).Select(static match => match.Groups[1].Value))];
        Assert.Contains(nameof(DocumentsTests), classes);
        Assert.Empty(All.Where(static one => one.Block.Marker.StartsWith(DocumentCommands.By, StringComparison.Ordinal))
            .Where(one => !classes.Contains(one.Block.Marker[DocumentCommands.By.Length..])).Select(static one => $"{one.Document}:{one.Block.Line} {one.Block.Marker}"));
    }

    [Fact]
    public void What_is_run_by_hand_is_in_the_list_of_a_release()
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root, "CONTRIBUTING.md"));
        string list = text[text.IndexOf("## Before a release", StringComparison.Ordinal)..];
        Assert.All(All.Where(static one => one.Block.Marker == DocumentCommands.Release), one => Assert.Contains($" | {one.Document}", list, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_shell_can_read_every_block()
    {
        foreach ((string document, CommandBlock block) in All)
            await DocumentShell.RunAsync(document, block with { Text = $"bash -n <<'END_OF_BLOCK'\n{block.Text}END_OF_BLOCK\n" });
    }

    [Theory]
    [MemberData(nameof(ToRun))]
    public async Task What_is_to_be_run_runs(string document)
    {
        string folder = Directory.CreateTempSubdirectory("nativelambda-document-").FullName;
        try
        {
            await RunAsync(document, folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task RunAsync(string document, string folder)
    {
        foreach (CommandBlock block in DocumentCommands.Of(document))
        {
            switch (block.Marker)
            {
                case DocumentCommands.Run:
                    await DocumentShell.RunAsync(document, block);
                    break;
                case DocumentCommands.Serves:
                    await bootstrap.GetPathAsync();
                    await DocumentShell.ServeAsync(block);
                    break;
                case DocumentCommands.Gateway:
                    Assert.SkipWhen(GatewayProgram.Path is null, $"{GatewayProgram.PathVariable} names no gateway: build/test publishes one");
                    await DocumentShell.RunAsync(document, block, folder, ("PATH", $"{Path.GetDirectoryName(GatewayProgram.Path)}:{Environment.GetEnvironmentVariable("PATH")}"));
                    break;
            }
        }
    }

    [GeneratedRegex(@"\bclass (\w+Tests)\b")]
    private static partial Regex TestClass();
}
