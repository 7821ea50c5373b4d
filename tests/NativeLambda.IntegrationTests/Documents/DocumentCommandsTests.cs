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

    [Fact]
    public void One_without_an_end_is_told() =>
        Assert.Equal("line 2: the block has no end", Assert.Throws<FormatException>(static () => DocumentCommands.Read("a\n```sh run\nb")).Message);
}
