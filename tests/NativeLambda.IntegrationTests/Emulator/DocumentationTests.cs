using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Emulator;

/// <summary>What docs/emulator.md shows and lists is what there is.</summary>
public sealed class DocumentationTests
{
    private static readonly string Document = File.ReadAllText(Path.Combine(Repository.Root, "docs", "emulator.md"));

    [Fact]
    public void The_example_of_embedding_is_the_one_that_runs()
    {
        string source = File.ReadAllText(Path.Combine(Repository.Root, "tests", "NativeLambda.IntegrationTests", "Emulator", "EmbeddingExampleTests.cs"));
        string example = source.Split("// begin\n")[1].Split("// end\n")[0];
        Assert.Contains(example, Document, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_option_of_the_command_line_is_in_the_table()
    {
        string help = await Tool.RunAsync(Path.Combine(AppContext.BaseDirectory, "lambda-emulator"), "run", "--help");
        string[] options = [.. help.Split("Options:")[1].Split('\n').Select(line => line.Trim().Split(' ', ',')[0]).Where(word => word.StartsWith("--", StringComparison.Ordinal)).Distinct()];
        Assert.Contains("--memory", options);
        Assert.All(options, option => Assert.Contains($"`{option}", Document, StringComparison.Ordinal));
    }
}
