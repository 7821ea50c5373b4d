namespace NativeLambda.IntegrationTests.Documents;

public sealed class DocumentCommandsTests
{
    [Fact]
    public void Blocks_of_the_shell_are_found_with_their_marker_and_line()
    {
        const string Text = "text\n```sh run\na \\\n  b\n```\n```csharp\nx\n```\n```sh\nc\n```\nmore `sh` text\n```bash aws\nd\n```";
        Assert.Equal(
            [new CommandBlock(3, "run", "a \\\n  b\n"), new CommandBlock(10, "", "c\n"), new CommandBlock(14, "aws", "d\n")],
            DocumentCommands.Read(Text));
    }

    [Fact]
    public void A_block_of_another_language_may_hold_what_looks_like_one() =>
        Assert.Empty(DocumentCommands.Read("```md\n ```sh run\n```"));

    [Theory]
    [InlineData("build/soak --minutes 5")]
    [InlineData("$ ls")]
    [InlineData("./build/test")]
    [InlineData("text first\ncurl http://127.0.0.1")]
    public void Commands_do_not_hide_in_a_block_without_a_language(string text) =>
        Assert.Equal([new CommandBlock(2, "", text + "\n")], DocumentCommands.Read($"```\n{text}\n```"));

    [Theory]
    [InlineData("src/  a folder\nbuild/   another")]
    [InlineData("exec ─ settings")]
    public void What_is_no_command_is_no_block(string text) => Assert.Empty(DocumentCommands.Read($"```\n{text}\n```"));

    [Fact]
    public void One_without_an_end_is_told() =>
        Assert.Equal("line 2: the block has no end", Assert.Throws<FormatException>(static () => DocumentCommands.Read("a\n```sh run\nb")).Message);
}
