using NativeLambda.IntegrationTests.Fixtures;
using NativeLambda.IntegrationTests.Faults;

namespace NativeLambda.IntegrationTests.Init;

/// <summary>The server cannot be reached at Init: it is waited for within the budget; past it the environment serves without.</summary>
public sealed class ServerDownTests(OwnServer own, BootstrapFixture bootstrap) : IClassFixture<OwnServer>
{
    /// <summary>Short enough to wait for, and many times what an open takes.</summary>
    private static readonly (string, string) ShortBudget = ("NATIVELAMBDA_INIT_BUDGET", "1s");

    private static readonly (string, string) EndlessBudget = ("NATIVELAMBDA_INIT_BUDGET", "10m");

    [Fact]
    public async Task A_server_that_is_back_within_the_budget_is_waited_for()
    {
        await own.StopAsync();
        await using FrozenFunction function = await FrozenFunction.CreateAsync(
            await bootstrap.GetPathAsync(), own.Server.EnvironmentVariables, timeout: null, EndlessBudget);
        Task init = function.InitializeAsync();
        await function.WaitForLogAsync("ConnectionRefused");
        Assert.False(init.IsCompleted);
        await own.EnsureRunningAsync();
        await init;
        ConnectionView facts = await function.GetConnectionFactsAsync();
        Assert.Equal((1, 1, 1), (facts.Opens, facts.ReusedFor, facts.Invocations));
        Assert.NotEqual("reopened", facts.Check);
        Assert.Empty(function.Troubles);
    }

    [Fact]
    public async Task Past_the_budget_callers_are_turned_away_until_the_server_is_back()
    {
        await own.StopAsync();
        await using FrozenFunction function = await FrozenFunction.StartAsync(
            bootstrap, own.Server.EnvironmentVariables, settings: ShortBudget);
        string trouble = Assert.Single(function.Troubles);
        Assert.Contains("Init goes on without a database", trouble, StringComparison.Ordinal);
        Assert.Contains($"port {own.Server.Port}", trouble, StringComparison.Ordinal);
        await AssertTurnedAwayThenServedAsync(function, own.EnsureRunningAsync);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task So_they_are_by_a_machine_that_does_not_answer_or_a_server_that_says_nothing(bool accepts)
    {
        await own.EnsureRunningAsync();
        await using var proxy = new FaultProxy(own.Server);
        if (accepts)
            proxy.Mode = ProxyMode.Hold;
        else
            await proxy.IgnoreNewConnectionsAsync();
        // The budget ends an attempt, too, whatever else may limit that.
        await using FrozenFunction function = await FrozenFunction.StartAsync(
            bootstrap, Through(proxy), settings: [ShortBudget, ("NATIVELAMBDA_CONNECT_TIMEOUT", "10m")]);
        Assert.Contains("no answer within the time", Assert.Single(function.Troubles), StringComparison.Ordinal);
        await AssertTurnedAwayThenServedAsync(function, async () =>
        {
            proxy.Mode = ProxyMode.Forward;
            await proxy.AcceptNewConnectionsAsync();
        });
    }

    [Fact]
    public async Task Where_it_may_not_start_without_a_database_Init_fails()
    {
        await own.StopAsync();
        InitReport report = await InitAttempt.FailAsync(
            bootstrap, own.Server.EnvironmentVariables, ShortBudget, ("NATIVELAMBDA_START_WITHOUT_DATABASE", "off"));
        report.AssertFailed("NativeLambda.DatabaseUnavailable");
        report.AssertSays(
            $"(host 127.0.0.1, port {own.Server.Port}, database {own.Server.Database}, user {own.Server.User})", "ConnectionRefused",
            "check that the server runs");
        Assert.DoesNotContain("in 1 attempt:", report.Message, StringComparison.Ordinal);
    }

    private async Task AssertTurnedAwayThenServedAsync(FrozenFunction function, Func<Task> comeBack)
    {
        FunctionAnswer turnedAway = await function.InvokeHttpAsync("GET", "/connection");
        turnedAway.TurnedAway();
        // The caller is the public: where the database is, is none of its business.
        foreach (string inside in new[] { own.Server.Host, own.Server.User, own.Server.Database, "port", "Npgsql" })
            Assert.DoesNotContain(inside, turnedAway.Body, StringComparison.OrdinalIgnoreCase);

        await function.WhileFrozenAsync(comeBack);
        ConnectionView first = await function.GetConnectionFactsAsync();
        Assert.Equal(("reopened", 1, 1, 2), (first.Check, first.Opens, first.ReusedFor, first.Invocations));
        ConnectionView second = await function.GetConnectionFactsAsync();
        Assert.Equal((1, 2, 3), (second.Opens, second.ReusedFor, second.Invocations));
        Assert.Equal(first.BackendPid, second.BackendPid);
    }

    private Dictionary<string, string> Through(FaultProxy proxy) =>
        new(own.Server.EnvironmentVariables) { ["PGPORT"] = $"{proxy.Port}" };
}
