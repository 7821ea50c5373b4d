using NativeLambda.Emulator;
using NativeLambda.Emulator.Environments;
using NativeLambda.Emulator.Postgres;
using NativeLambda.IntegrationTests.Faults;
using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Init;

/// <summary>The function's own read before the first invocation, in the binary and on the network.</summary>
public sealed class PrimingTests(PostgresFixture postgres, BootstrapFixture bootstrap) : IAsyncLifetime
{
    private const string Read = "SELECT id, name, price, stock FROM products";

    private TestDatabase _database = null!;
    private FaultProxy _proxy = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await postgres.CreateDatabaseAsync();
        await _database.ExecuteAsAdminAsync("INSERT INTO products (id, name, price) VALUES ('chair', 'Chair', 12.5)");
        _proxy = new FaultProxy(_database.Server);
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task It_is_the_read_and_a_reset_and_the_first_invocation_is_the_first()
    {
        await using FrozenFunction function = await FrozenFunction.StartAsync(
            bootstrap, _database.EnvironmentVariables(_proxy, plainText: true), settings: ("NATIVELAMBDA_PRIMING", "on"));
        ProxiedConnection connection = Assert.Single(_proxy.Connections);
        string[] statements = Statements(connection);
        Assert.StartsWith(Read, statements[0], StringComparison.Ordinal);
        Assert.Equal("DISCARD TEMP", statements[^1]);
        Assert.Single(statements, static statement => statement.StartsWith("SELECT", StringComparison.Ordinal) && statement.Contains("products", StringComparison.Ordinal));
        Assert.Equal(3 + 2, connection.Traffic.Flights); // start-up and log-in
        PostgresSession session = Assert.Single(await _database.ListSessionsAsync());
        Assert.Equal("idle", session.State);

        ConnectionView first = await function.GetConnectionFactsAsync();
        Assert.Equal((session.Pid, 1, 1L, 1L), (first.BackendPid, first.Opens, first.Invocations, first.ReusedFor));
        Assert.Empty(function.Troubles);
    }

    [Fact]
    public async Task Who_waits_for_the_end_of_Init_does_not_wait_for_it()
    {
        await using FrozenFunction function = await FrozenFunction.CreateAsync(
            await bootstrap.GetPathAsync(), _database.EnvironmentVariables(_proxy, plainText: true), settings: ("NATIVELAMBDA_PRIMING", "auto"));
        Assert.Equal(1, (await function.GetConnectionFactsAsync()).Invocations);
        Assert.DoesNotContain(Statements(Assert.Single(_proxy.Connections)), static statement => statement.StartsWith(Read, StringComparison.Ordinal));
    }

    [Fact]
    public async Task With_provisioned_concurrency_nobody_waits_and_it_is_done()
    {
        await using LocalLambda lambda = await LocalLambda.StartAsync(new LocalLambdaOptions
        {
            Bootstrap = await bootstrap.GetPathAsync(),
            Environment = new Dictionary<string, string>(_database.EnvironmentVariables(_proxy, plainText: true)),
            InitTimeout = Guarded.Limit,
            ProvisionedConcurrency = 1,
        });
        await lambda.WaitUntilAsync(static environments => environments.Any(static environment => environment.State == EnvironmentState.Frozen)).WaitAsync(Guarded.Limit, TimeProvider.System);
        Assert.StartsWith(Read, Statements(Assert.Single(_proxy.Connections))[0], StringComparison.Ordinal);
        Assert.DoesNotContain(lambda.LogLines, static line => line.Text.Contains("START RequestId", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_its_table_Init_goes_on_and_says_so_once()
    {
        await _database.ExecuteAsAdminAsync("ALTER TABLE products RENAME TO goods");
        await using FrozenFunction function = await FrozenFunction.StartAsync(
            bootstrap, _database.EnvironmentVariables(_proxy, plainText: true), settings: ("NATIVELAMBDA_PRIMING", "on"));
        Assert.Equal((1, "socket"), ((await function.GetConnectionFactsAsync()).Opens, (await function.GetConnectionFactsAsync()).Check));
        Assert.StartsWith("Priming failed", Assert.Single(function.Troubles), StringComparison.Ordinal);
    }

    private static string[] Statements(ProxiedConnection connection) =>
        [.. connection.Messages.Messages.Where(static message => message is { Direction: TrafficDirection.ToServer, Type: "P" }).Select(static message => message.Text!)];
}
