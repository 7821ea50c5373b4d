using NativeLambda.Emulator.Cli;

namespace NativeLambda.Tests.Emulator;

public sealed class EnvironmentFileTests
{
    [Fact]
    public void Assignments_are_read_and_comments_skipped() => Assert.Equal(
        [("A", "1"), ("B", "x=y"), ("C", " spaced "), ("D", "#no comment"), ("E", ""), ("F", "exported")],
        EnvironmentFile.Parse("file", ["# comment", "", "A=1", "  B=x=y ", "C=' spaced '", "D=\"#no comment\"", "E=", "export F=exported"]));

    [Theory]
    [InlineData("hunter2")]
    [InlineData("=hunter2")]
    public void A_line_that_is_no_assignment_is_named_by_its_number_and_never_quoted(string line)
    {
        var exception = Assert.Throws<EnvironmentFileException>(() => EnvironmentFile.Parse("file", ["A=1", line]));
        Assert.Equal("file:2: not NAME=VALUE", exception.Message);
    }
}
