using NativeLambda.Emulator.Postgres;
using NativeLambda.IntegrationTests.Fixtures;
using Npgsql;

namespace NativeLambda.IntegrationTests.Faults;

/// <summary>Others have taken all connection slots while the environment was frozen and lost its own.</summary>
public sealed class FullServerTests(BootstrapFixture bootstrap)
{
    private const string TooManyConnections = PostgresErrorCodes.TooManyConnections;

    private static readonly PostgresServerOptions Small = new()
    {
        Settings = new Dictionary<string, string> { ["max_connections"] = "6", ["superuser_reserved_connections"] = "3" },
    };

    [Fact]
    public async Task A_slot_that_becomes_free_during_the_invocation_is_taken()
    {
        await using PostgresServer server = await PostgresFixture.StartServerAsync(Small);
        await using FrozenFunction function = await FrozenFunction.StartAsync(bootstrap, server.EnvironmentVariables);
        await FaultRounds.CreateProductAsync(function);
        await using var others = new Crowd();
        await function.WhileFrozenAsync(() => others.TakeOverAsync(server));
        Task<FunctionAnswer> invocation = function.InvokeHttpAsync("GET", FaultRounds.Product);
        await function.WaitForLogAsync(TooManyConnections, times: 2);
        Assert.False(invocation.IsCompleted);
        await others.DisposeAsync();
        Assert.Equal(200, (await invocation).Status);

        // One that was refused before it got its slot leaves it to those who wait as it did: the next invocation opens again.
        Assert.Equal(3, (await function.GetConnectionFactsAsync()).Opens);
        Assert.Empty(function.Troubles);
    }

    [Fact]
    public async Task While_none_becomes_free_callers_are_turned_away_and_the_environment_lives_on()
    {
        await using PostgresServer server = await PostgresFixture.StartServerAsync(Small);
        await using FrozenFunction function = await FrozenFunction.StartAsync(bootstrap, server.EnvironmentVariables, Deadlines.Near, Deadlines.Margin);
        await FaultRounds.CreateProductAsync(function);
        await using var others = new Crowd();
        await function.WhileFrozenAsync(() => others.TakeOverAsync(server));
        FunctionAnswer answer = await function.InvokeHttpAsync("GET", FaultRounds.Product);
        answer.TurnedAway();
        Assert.True(answer.Took < Deadlines.Near, $"it took {answer.Took}");
        await function.WhileFrozenAsync(async () => await others.DisposeAsync());
        Assert.Contains(TooManyConnections, Assert.Single(function.Troubles), StringComparison.Ordinal);
        ConnectionView facts = await function.GetConnectionFactsAsync();
        Assert.Equal(("reopened", 2), (facts.Check, facts.Opens));
    }

    /// <summary>Other clients, as many as the server admits.</summary>
    private sealed class Crowd : IAsyncDisposable
    {
        private readonly List<NpgsqlConnection> _connections = [];

        public async Task TakeOverAsync(PostgresServer server)
        {
            Assert.Equal(1, await server.TerminateBackendsAsync(role: server.User));
            while (true)
            {
                var connection = new NpgsqlConnection(server.ConnectionString);
                try
                {
                    await connection.OpenAsync();
                    _connections.Add(connection);
                }
                catch (PostgresException full) when (full.SqlState == TooManyConnections)
                {
                    Assert.NotEmpty(_connections);
                    return;
                }
            }
        }

        public async ValueTask DisposeAsync()
        {
            foreach (NpgsqlConnection connection in _connections)
                await connection.DisposeAsync();
        }
    }
}
