using NativeLambda.Database;

namespace NativeLambda.Tests.Database;

public sealed class ThawPolicyTests
{
    [Theory]
    [InlineData("Quiet", 0, 0, "Trust", "RecentlyGood")]
    [InlineData("Quiet", 999, 0, "Trust", "RecentlyGood")]
    [InlineData("Quiet", 1_000, 0, "Ping", "Gap")]
    [InlineData("Quiet", 299_999, 0, "Ping", "Gap")]
    [InlineData("Quiet", 300_000, 0, "Reopen", "MaxIdle")]
    [InlineData("Quiet", 0, 1_800_000, "Reopen", "MaxLifetime")]
    [InlineData("Readable", 0, 0, "Ping", "Readable")]
    [InlineData("Unknown", 0, 0, "Ping", "UnknownSocket")]
    [InlineData("Dead", 0, 0, "Reopen", "DeadSocket")]
    [InlineData("Dead", 300_000, 1_800_000, "Reopen", "DeadSocket")]
    public void Decide_reads_like_the_table(string socket, int gapMs, int ageMs, string action, string reason)
    {
        var settings = new LifetimeSettings();
        var facts = new ThawFacts(Enum.Parse<SocketCondition>(socket), TimeSpan.FromMilliseconds(gapMs), TimeSpan.FromMilliseconds(ageMs), settings.MaxLifetime);
        ThawDecision decision = ThawPolicy.Decide(facts, settings);
        Assert.Equal(action, decision.Action.ToString());
        Assert.Equal(reason, decision.Reason.ToString());
    }
}
