using NativeLambda.Database;

namespace NativeLambda.Tests.Database;

public sealed class TakeBackPolicyTests
{
    [Theory]
    [InlineData("Idle", true, "Reset")]
    [InlineData("Idle", false, "Keep")]
    [InlineData("InTransaction", true, "RollBack")]
    [InlineData("InTransaction", false, "RollBack")]
    [InlineData("ReaderOpen", true, "CloseReader")]
    [InlineData("ReaderOpen", false, "CloseReader")]
    [InlineData("Busy", true, "Discard")]
    [InlineData("ClosedByHandler", true, "Discard")]
    [InlineData("Broken", true, "Discard")]
    public void Decide_reads_like_the_table(string condition, bool sessionReset, string action) =>
        Assert.Equal(action, TakeBackPolicy.Decide(Enum.Parse<SessionCondition>(condition), sessionReset).ToString());

    [Fact]
    public void What_the_network_did_is_not_called_the_handlers_bug()
    {
        Assert.Null(TakeBackPolicy.HandlerBug(SessionCondition.Broken));
        Assert.Null(TakeBackPolicy.HandlerBug(SessionCondition.Idle));
    }
}
