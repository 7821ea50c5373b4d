using System.Globalization;
using NativeLambda.Emulator.Postgres;
using NativeLambda.IntegrationTests.Faults;
using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Failover;

/// <summary>Two hosts, a primary and its standby, and what becomes of them while the environment is frozen.</summary>
public sealed class FailoverTests(BootstrapFixture bootstrap)
{
    private const string Movements = $"{FaultRounds.Product}/movements";
    private const string Movement = """{"quantity":1}""";

    [Theory]
    [InlineData("GET", FaultRounds.Product, 200)]
    [InlineData("PUT", FaultRounds.Product, 200)]
    [InlineData("POST", Movements, 201)]
    public async Task The_next_invocation_answers_on_the_promoted_standby_and_no_acknowledged_write_is_lost(string method, string target, int status)
    {
        await using ReplicatedPair pair = await ReplicatedPair.StartAsync();
        await using FrozenFunction function = await FrozenFunction.StartAsync(
            bootstrap, pair.EnvironmentVariables(pair.Primary.Port, pair.Standby.Port));
        await FaultRounds.CreateProductAsync(function);
        for (int acknowledged = 0; acknowledged < 5; acknowledged++)
            Assert.Equal(201, (await function.InvokeHttpAsync("POST", Movements, Movement)).Status);
        int before = (await function.GetConnectionFactsAsync()).BackendPid;

        await function.WhileFrozenAsync(pair.FailOverAsync);
        string body = method switch { "PUT" => """{"name":"p","price":2}""", "POST" => Movement, _ => "" };
        FunctionAnswer answer = await function.InvokeHttpAsync(method, target, body);
        Assert.True(answer.Status == status, $"{answer.Status} {answer.Body}");
        TestContext.Current.SendDiagnosticMessage($"Failed over: {answer.Status} to {method} after {answer.Took.TotalMilliseconds:0} ms.");

        ConnectionView after = await function.GetConnectionFactsAsync();
        Assert.Equal(2, after.Opens);
        Assert.NotEqual(before, after.BackendPid);
        Assert.Equal(after.BackendPid, Assert.Single(await pair.Standby.ListSessionsAsync(TestContext.Current.CancellationToken)).Pid);
        int movements = method == "POST" ? 6 : 5;
        Assert.Equal((movements, movements), await ReplicatedPair.CountAsync(pair.Standby));
        await function.WaitUntilFrozenAsync();
        Assert.Empty(function.Troubles);
    }

    [Fact]
    public async Task A_primary_that_vanishes_without_a_word_costs_a_ping_and_one_connect_timeout()
    {
        await using ReplicatedPair pair = await ReplicatedPair.StartAsync();
        await using var proxy = new FaultProxy(pair.Primary);
        TimeSpan connectTimeout = TimeSpan.FromSeconds(3);
        await using FrozenFunction function = await FrozenFunction.StartAsync(
            bootstrap, pair.EnvironmentVariables(proxy.Port, pair.Standby.Port), timeout: null, ("NATIVELAMBDA_PING_AFTER", "0s"));
        await FaultRounds.CreateProductAsync(function);

        await function.WhileFrozenAsync(async () =>
        {
            proxy.SwallowLiveConnections();
            await proxy.IgnoreNewConnectionsAsync();
            await pair.FailOverAsync();
        });
        FunctionAnswer answer = await function.InvokeHttpAsync("POST", Movements, Movement);
        Assert.True(answer.Status == 201, $"{answer.Status} {answer.Body}");
        ConnectionView facts = await function.GetConnectionFactsAsync();
        Assert.Equal(2, facts.Opens);
        Assert.InRange(facts.OpenMs, connectTimeout.TotalMilliseconds * 0.9, connectTimeout.TotalMilliseconds * 1.9);
        Assert.Equal((1, 1), await ReplicatedPair.CountAsync(pair.Standby));
        Assert.InRange(answer.Took, TimeSpan.Zero, function.Timeout / 2);
        TestContext.Current.SendDiagnosticMessage($"The primary vanished: 201 after {answer.Took.TotalMilliseconds:0} ms, of which {facts.OpenMs:0} ms to open.");
        await proxy.AcceptNewConnectionsAsync();
    }

    [Fact]
    public async Task Whatever_their_order_it_opens_on_the_host_that_takes_writes_and_any_standby_serves_reads_until_it_is_promoted()
    {
        await using ReplicatedPair pair = await ReplicatedPair.StartAsync();
        await using FrozenFunction writer = await FrozenFunction.StartAsync(
            bootstrap, pair.EnvironmentVariables(pair.Standby.Port, pair.Primary.Port));
        await FaultRounds.CreateProductAsync(writer);
        ConnectionView onPrimary = await writer.GetConnectionFactsAsync();
        Assert.Equal(1, onPrimary.Opens);
        Assert.Equal([onPrimary.BackendPid], (await pair.Primary.ListSessionsAsync(TestContext.Current.CancellationToken)).Select(session => session.Pid));

        await using FrozenFunction reader = await FrozenFunction.StartAsync(
            bootstrap, pair.EnvironmentVariables(pair.Standby.Port, pair.Primary.Port), timeout: null, ("PGTARGETSESSIONATTRS", "any"));
        await Eventually.IsAsync(1L, () => ReplicatedPair.QueryAsync<long>(pair.Standby, "SELECT count(*) FROM products"));
        Assert.Equal(200, (await reader.InvokeHttpAsync("GET", FaultRounds.Product)).Status);
        Assert.Equal(1, (await reader.GetConnectionFactsAsync()).Opens);
        string detail = (await reader.InvokeHttpAsync("POST", Movements, Movement)).TurnedAway();
        Assert.Contains("failing over", detail, StringComparison.Ordinal);
        Assert.Equal((0, 0), await ReplicatedPair.CountAsync(pair.Primary));
        ConnectionView replaced = await reader.GetConnectionFactsAsync();
        Assert.Equal(2, replaced.Opens);

        await reader.WhileFrozenAsync(pair.FailOverAsync);
        Assert.Equal(201, (await reader.InvokeHttpAsync("POST", Movements, Movement)).Status);
        Assert.Equal((1, 1), await ReplicatedPair.CountAsync(pair.Standby));

        // Its server has become the one that takes writes: nothing to replace.
        Assert.Equal(replaced.BackendPid, (await reader.GetConnectionFactsAsync()).BackendPid);
        Assert.Equal(201, (await writer.InvokeHttpAsync("POST", Movements, Movement)).Status);
        Assert.Equal(2, (await writer.GetConnectionFactsAsync()).Opens);
        await reader.WaitUntilFrozenAsync();
        string trouble = Assert.Single(reader.Troubles);
        Assert.Contains("is on a read-only server: the connection is replaced", trouble, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_no_host_takes_writes_the_opens_are_tried_again_within_the_budget_then_503_until_one_does()
    {
        await using ReplicatedPair pair = await ReplicatedPair.StartAsync();
        await ReplicatedPair.SetReadOnlyAsync(pair.Primary, true);
        await using FrozenFunction function = await FrozenFunction.StartAsync(
            bootstrap, pair.EnvironmentVariables(pair.Standby.Port, pair.Primary.Port), timeout: null, ("NATIVELAMBDA_INIT_BUDGET", "1500ms"));
        string init = Assert.Single(function.Troubles);
        Assert.Contains("Init goes on without a database", init, StringComparison.Ordinal);
        Assert.True(init.Contains("no host is the kind of server that is wanted", StringComparison.Ordinal), string.Join("\n", function.Log));
        Assert.Contains(function.Log, record => record.Level == "DEBUG" && record.Message.StartsWith("Opening failed, next attempt", StringComparison.Ordinal));

        string detail = (await function.InvokeHttpAsync("GET", "/products")).TurnedAway();
        Assert.Contains("cannot be reached", detail, StringComparison.Ordinal);

        await function.WhileFrozenAsync(() => ReplicatedPair.SetReadOnlyAsync(pair.Primary, false));
        await FaultRounds.CreateProductAsync(function);
        Assert.Equal(1, (await function.GetConnectionFactsAsync()).Opens);
    }

    [Fact]
    public async Task An_Init_that_meets_no_writer_goes_on_trying_and_has_its_connection_once_there_is_one()
    {
        await using ReplicatedPair pair = await ReplicatedPair.StartAsync();
        await ReplicatedPair.SetReadOnlyAsync(pair.Primary, true);
        await using var proxy = new FaultProxy(pair.Primary);
        Task<FrozenFunction> starting = FrozenFunction.StartAsync(
            bootstrap, pair.EnvironmentVariables(pair.Standby.Port, proxy.Port), timeout: null, ("NATIVELAMBDA_INIT_BUDGET", "60s"));
        await Eventually.IsTrueAsync(() => Task.FromResult(proxy.Connections.Count >= 2));
        await ReplicatedPair.SetReadOnlyAsync(pair.Primary, false);
        await using FrozenFunction function = await starting;
        Assert.Empty(function.Troubles);
        await FaultRounds.CreateProductAsync(function);
        Assert.Equal(1, (await function.GetConnectionFactsAsync()).Opens);
    }

    [Fact]
    public async Task A_server_that_was_made_read_only_turns_writes_away_untouched_and_its_connection_is_replaced()
    {
        await using PostgresServer server = await PostgresFixture.StartServerAsync();
        await using FrozenFunction function = await FrozenFunction.StartAsync(bootstrap, server.EnvironmentVariables);
        await FaultRounds.CreateProductAsync(function);
        int opens = 1;
        foreach (string method in new[] { "POST", "PUT", "DELETE" })
        {
            await function.WhileFrozenAsync(() => ReplicatedPair.SetReadOnlyAsync(server, true));
            string target = method == "POST" ? Movements : FaultRounds.Product;
            string body = method switch { "POST" => Movement, "PUT" => """{"name":"q","price":2}""", _ => "" };
            string detail = (await function.InvokeHttpAsync(method, target, body)).TurnedAway();
            Assert.Contains("failing over", detail, StringComparison.Ordinal);
            await function.WhileFrozenAsync(() => ReplicatedPair.SetReadOnlyAsync(server, false));
            Assert.Equal((opens - 1, opens - 1), await ReplicatedPair.CountAsync(server));

            Assert.Equal(201, (await function.InvokeHttpAsync("POST", Movements, Movement)).Status);
            Assert.Equal(++opens, (await function.GetConnectionFactsAsync()).Opens);
        }

        await function.WaitUntilFrozenAsync();
        Assert.Equal(3, function.Troubles.Count(trouble => trouble.Contains("read-only server", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_first_host_that_does_not_answer_costs_at_most_its_connect_timeout(bool refused)
    {
        await using PostgresServer server = await PostgresFixture.StartServerAsync();
        await using var proxy = new FaultProxy(server);
        await (refused ? proxy.RefuseNewConnectionsAsync() : proxy.IgnoreNewConnectionsAsync());
        TimeSpan connectTimeout = TimeSpan.FromSeconds(3);
        await using FrozenFunction function = await FrozenFunction.StartAsync(
            bootstrap, ReplicatedPair.EnvironmentVariables(server, proxy.Port, server.Port), timeout: null,
            ("NATIVELAMBDA_CONNECT_TIMEOUT", connectTimeout.TotalSeconds.ToString(CultureInfo.InvariantCulture) + "s"));
        ConnectionView facts = await function.GetConnectionFactsAsync();
        Assert.Equal(1, facts.Opens);
        Assert.InRange(facts.OpenMs, refused ? 0 : connectTimeout.TotalMilliseconds * 0.9, connectTimeout.TotalMilliseconds * 1.9);
        Assert.Empty(function.Troubles);
        if (!refused)
            await proxy.AcceptNewConnectionsAsync();
    }
}
