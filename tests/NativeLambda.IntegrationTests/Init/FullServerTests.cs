using NativeLambda.Emulator.Postgres;
using NativeLambda.IntegrationTests.Fixtures;
using NativeLambda.IntegrationTests.Faults;
using Npgsql;

namespace NativeLambda.IntegrationTests.Init;

/// <summary>All connection slots are taken at Init.</summary>
public sealed class FullServerTests(BootstrapFixture bootstrap) : IAsyncLifetime
{
    private readonly List<NpgsqlConnection> _others = [];
    private PostgresServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        // Three for everybody, beside those reserved for superusers.
        _server = await PostgresFixture.StartServerAsync(new PostgresServerOptions
        {
            Settings = new Dictionary<string, string> { ["max_connections"] = "6", ["superuser_reserved_connections"] = "3" },
        });
        for (int i = 0; i < 3; i++)
        {
            var other = new NpgsqlConnection(_server.ConnectionString);
            _others.Add(other);
            await other.OpenAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await LeaveAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_slot_that_becomes_free_within_the_budget_is_waited_for()
    {
        await using FrozenFunction function = await FrozenFunction.CreateAsync(
            await bootstrap.GetPathAsync(), _server.EnvironmentVariables, timeout: null, ("NATIVELAMBDA_INIT_BUDGET", "10m"));
        Task init = function.InitializeAsync();
        await function.WaitForLogAsync("53300");
        Assert.False(init.IsCompleted);
        await LeaveAsync();
        await init;
        ConnectionView facts = await function.GetConnectionFactsAsync();
        Assert.Equal((1, 1), (facts.Opens, facts.ReusedFor));
        Assert.NotEqual("reopened", facts.Check);
        Assert.Empty(function.Troubles);
    }

    [Fact]
    public async Task Past_the_budget_callers_are_turned_away_until_one_is_free()
    {
        await using FrozenFunction function = await FrozenFunction.StartAsync(
            bootstrap, _server.EnvironmentVariables, settings: ("NATIVELAMBDA_INIT_BUDGET", "1s"));
        string trouble = Assert.Single(function.Troubles);
        Assert.Contains("53300", trouble, StringComparison.Ordinal);
        Assert.Contains("raise max_connections", trouble, StringComparison.Ordinal);
        FunctionAnswer turnedAway = await function.InvokeHttpAsync("GET", "/connection");
        turnedAway.TurnedAway();
        Assert.DoesNotContain("53300", turnedAway.Body, StringComparison.Ordinal);

        await function.WhileFrozenAsync(LeaveAsync);
        ConnectionView facts = await function.GetConnectionFactsAsync();
        Assert.Equal(("reopened", 1, 1), (facts.Check, facts.Opens, facts.ReusedFor));
    }

    /// <summary>The others close their connections; returns when the server has noticed.</summary>
    private async Task LeaveAsync()
    {
        foreach (NpgsqlConnection other in _others)
            await other.DisposeAsync();
        await Eventually.IsTrueAsync(async () =>
            (await _server.ListSessionsAsync()).All(session => session.ApplicationName.StartsWith("function/", StringComparison.Ordinal)));
    }
}
