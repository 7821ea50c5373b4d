using NativeLambda.IntegrationTests.Faults;
using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Clocks;

/// <summary>The wall clock and the monotonic clock say different things after the thaw, as the published binary sees them.</summary>
/// <remarks>
/// The deadline is real time, and a wall clock ahead of it would leave the handler none: so the process starts twenty minutes behind,
/// and no jump leads beyond the real time.
/// </remarks>
public sealed class ClockTests(PostgresFixture postgres, BootstrapFixture bootstrap)
{
    private static readonly TimeSpan Behind = TimeSpan.FromMinutes(-20);

    // So long that only a jump can reach it, on a machine that is merely slow.
    private static readonly (string, string)[] Settings = [("NATIVELAMBDA_PING_AFTER", "2m"), ("NATIVELAMBDA_MAX_IDLE", "5m")];

    [Theory]
    [InlineData(0, "socket", null)]
    [InlineData(180, "ping", null)] // three minutes forward
    [InlineData(600, "reopened", "MaxIdle; gap 6")] // ten minutes forward: 600,000 ms and a little
    [InlineData(-3600, "reopened", "MaxIdle; gap unknown, the clock went back")]
    public async Task A_jump_of_the_wall_clock_across_the_freeze_counts_as_a_gap(int seconds, string check, string? logged)
    {
        FakedClock.SkipWithout();
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        using var clock = new FakedClock { Offset = Behind };
        await using FrozenFunction function = await FrozenFunction.StartAsync(
            bootstrap, database.EnvironmentVariables(), timeout: null, [.. Settings, .. clock.Variables]);
        await FaultRounds.CreateProductAsync(function);
        ConnectionView before = await function.GetConnectionFactsAsync();
        Assert.Equal("socket", before.Check);
        // The process is indeed under the clock.
        Assert.InRange(TimeProvider.System.GetUtcNow() - before.OpenedAt, -Behind, -Behind + TimeSpan.FromMinutes(2));

        await function.WhileFrozenAsync(() => clock.Offset = Behind + TimeSpan.FromSeconds(seconds));
        ConnectionView after = await function.GetConnectionFactsAsync();
        Assert.Equal(check, after.Check);
        Assert.Equal(check == "reopened" ? 2 : 1, after.Opens);
        if (seconds >= 0)
            Assert.InRange(after.GapMs, seconds * 1000.0, (seconds + 110) * 1000.0);

        // What the jump meant is over: the next gap is an ordinary one.
        await function.WaitUntilFrozenAsync();
        ConnectionView next = await function.GetConnectionFactsAsync();
        Assert.Equal(("socket", after.Opens), (next.Check, next.Opens));
        await function.WaitUntilFrozenAsync();
        string[] replaced = [.. function.Log.Select(record => record.Message).Where(message => message.StartsWith("Replacing", StringComparison.Ordinal))];
        if (logged is null)
            Assert.Empty(replaced);
        else
            Assert.Contains(logged, Assert.Single(replaced), StringComparison.Ordinal);
        Assert.Empty(function.Troubles);
    }

    [Fact]
    public async Task A_wall_clock_that_stands_still_hides_no_gap_from_the_monotonic_one()
    {
        FakedClock.SkipWithout();
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        using var clock = new FakedClock { StandsAt = TimeProvider.System.GetUtcNow() + Behind };
        TimeSpan maxIdle = TimeSpan.FromMilliseconds(300);
        await using FrozenFunction function = await FrozenFunction.StartAsync(
            bootstrap, database.EnvironmentVariables(), timeout: null, [("NATIVELAMBDA_MAX_IDLE", "300ms"), .. clock.Variables]);
        ConnectionView before = await function.GetConnectionFactsAsync();
        await function.WhileFrozenAsync(async () =>
        {
            long frozen = TimeProvider.System.GetTimestamp();
            await Eventually.IsTrueAsync(() => Task.FromResult(TimeProvider.System.GetElapsedTime(frozen) > maxIdle));
        });
        ConnectionView after = await function.GetConnectionFactsAsync();
        Assert.Equal("reopened", after.Check);
        Assert.InRange(after.GapMs, maxIdle.TotalMilliseconds, double.MaxValue);
        Assert.Equal(before.OpenedAt, after.OpenedAt);
        await function.WaitUntilFrozenAsync();
        Assert.Contains(function.Log, record => record.Message.Contains("MaxIdle", StringComparison.Ordinal));
    }
}
