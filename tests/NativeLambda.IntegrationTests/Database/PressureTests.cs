using NativeLambda.Database;
using NativeLambda.Emulator.Postgres;
using NativeLambda.IntegrationTests.Fixtures;
using NativeLambda.Telemetry;
using Npgsql;

namespace NativeLambda.IntegrationTests.Database;

/// <summary>On a server of its own, of which others take as many slots as the test wants.</summary>
public sealed class PressureTests
{
    // Of 23, three are the superuser's.
    private const int Slots = 20;

    private static Task<PostgresServer> StartAsync() => PostgresFixture.StartServerAsync(new PostgresServerOptions
    {
        Settings = new Dictionary<string, string> { ["max_connections"] = "23", ["superuser_reserved_connections"] = "3" },
    });

    private static async Task<Stack<NpgsqlConnection>> OccupyAsync(PostgresServer server, int slots)
    {
        var others = new Stack<NpgsqlConnection>();
        for (int i = 0; i < slots; i++)
        {
            var other = new NpgsqlConnection(server.ConnectionString);
            await other.OpenAsync();
            others.Push(other);
        }

        return others;
    }

    private static Func<DatabaseSettings, DatabaseSettings> With(PressureSettings pressure) => settings => settings with { Pressure = pressure };

    private static async Task<bool> LivesAsync(PostgresServer server, int backendPid) =>
        (await server.ListSessionsAsync()).Any(session => session.Pid == backendPid);

    [Fact]
    public async Task Relief_is_mild_first_then_firm_and_ends_with_the_pressure()
    {
        await using PostgresServer server = await StartAsync();
        await using LiveSession live = await LiveSession.OpenAsync(server, With(new PressureSettings { ShortIdle = TimeSpan.FromMilliseconds(50), CheckEvery = TimeSpan.Zero }));

        // 1 of 20: kept, and the server would keep it for minutes.
        ConnectionFacts facts = await live.ServeAsync();
        Assert.Equal(LifetimeState.Idle, live.Connection.State);

        // 17 of 20: kept, but the server closes it as soon as it has been idle for a moment.
        Stack<NpgsqlConnection> others = await OccupyAsync(server, (Slots * 85 / 100) - 1);
        facts = await live.ServeAsync();
        Assert.Equal(LifetimeState.Idle, live.Connection.State);
        await Eventually.IsAsync(false, () => LivesAsync(server, facts.BackendPid));

        // 20 of 20: closed before the freeze.
        foreach (NpgsqlConnection other in await OccupyAsync(server, Slots - 1 - others.Count))
            others.Push(other);
        facts = await live.ServeAsync();
        Assert.Equal((ConnectionCheck.Reopened, LifetimeState.Absent), (facts.Check, live.Connection.State));
        await Eventually.IsAsync(false, () => LivesAsync(server, facts.BackendPid));

        // 1 of 20 again: kept for good.
        while (others.TryPop(out NpgsqlConnection? other))
            await other.DisposeAsync();
        await Eventually.IsAsync(0, async () => (await server.ListSessionsAsync()).Count);
        await live.ServeAsync();
        Assert.Equal(LifetimeState.Idle, live.Connection.State);
        await live.ServeAsync(async connection =>
        {
            await using var command = new NpgsqlCommand("SHOW idle_session_timeout", connection);
            Assert.Equal("5min", await command.ExecuteScalarAsync());
        });
    }

    [Fact]
    public async Task Eviction_ends_the_longest_idle_session_of_the_same_function_and_never_one_in_a_transaction()
    {
        await using PostgresServer server = await StartAsync();
        Stack<NpgsqlConnection> strangers = await OccupyAsync(server, Slots - 3);
        Dictionary<string, string> variables = new(server.EnvironmentVariables) { ["PGAPPNAME"] = "products/$LATEST/1" };
        PressureSettings evicting = new() { Evict = true, EvictIdleAfter = TimeSpan.FromMilliseconds(1), CheckEvery = TimeSpan.Zero };

        await using LiveSession inTransaction = await LiveSession.OpenAsync(variables);
        Loan loan = await inTransaction.Connection.LendAsync(TimeSpan.FromSeconds(30), "r");
        await using (var begin = new NpgsqlCommand("BEGIN", loan.Connection))
            await begin.ExecuteNonQueryAsync();
        // It would leave by itself, by the server's idle timeout, before it can be evicted.
        PressureSettings staying = new() { ShortIdleAt = double.MaxValue, ReleaseAt = double.MaxValue };
        await using LiveSession idle = await LiveSession.OpenAsync(variables, With(staying));
        int idlePid = (await idle.ServeAsync()).BackendPid;
        variables["PGAPPNAME"] = "products/$LATEST/2";
        await using LiveSession evictor = await LiveSession.OpenAsync(
            variables, settings => settings with { Pressure = evicting, Telemetry = new TelemetrySettings { Metrics = true } });

        await evictor.ServeAsync();
        evictor.Connection.Telemetry.InvocationEnded();
        Assert.Single(evictor.Log.Split('\n'), line => line.Contains("Evicted", StringComparison.Ordinal));
        Assert.Single(evictor.Log.Split('\n'), line => line.Contains("\"Evictions\":1", StringComparison.Ordinal));
        await Eventually.IsAsync(false, () => LivesAsync(server, idlePid));
        Assert.Equal(ConnectionCheck.Reopened, (await idle.ServeAsync()).Check);
        Assert.True(await LivesAsync(server, loan.Facts.BackendPid));
        Assert.All(strangers, stranger => Assert.Equal(System.Data.ConnectionState.Open, stranger.FullState));
        await using (var alive = new NpgsqlCommand("SELECT 1", strangers.Peek()))
            Assert.Equal(1, await alive.ExecuteScalarAsync());
        while (strangers.TryPop(out NpgsqlConnection? stranger))
            await stranger.DisposeAsync();
    }
}
