using NativeLambda.Emulator.Postgres;
using NativeLambda.IntegrationTests.Fixtures;
using NativeLambda.IntegrationTests.Faults;

namespace NativeLambda.IntegrationTests.Init;

/// <summary>What Init costs on the network.</summary>
public sealed class OpenOnTheWireTests(PostgresFixture postgres, BootstrapFixture bootstrap)
{
    [Fact]
    public async Task Init_makes_one_connection_and_speaks_only_to_start_up_and_to_log_in()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        await using var proxy = new FaultProxy(database.Server);
        await using FrozenFunction function = await FrozenFunction.StartAsync(bootstrap, database.EnvironmentVariables(proxy, plainText: true));

        ProxiedConnection connection = Assert.Single(proxy.Connections);
        // No query of pg_type, no SET, no ping: start-up and the two steps of SCRAM.
        Assert.Equal(
            ["StartupMessage", "p", "p"],
            connection.Messages.Messages.Where(message => message.Direction == TrafficDirection.ToServer).Select(message => message.Type));
        Assert.Equal(3, connection.Traffic.Flights);
        PostgresSession session = Assert.Single(await database.ListSessionsAsync());
        Assert.StartsWith("function/", session.ApplicationName, StringComparison.Ordinal); // with the start-up: there was no SET

        Assert.Equal(session.Pid, (await function.GetConnectionFactsAsync()).BackendPid);
        await AssertOneConnectionAsync(function, proxy);
    }

    [Fact]
    public async Task With_TLS_it_is_two_flights_more()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        await using var proxy = new FaultProxy(database.Server);
        await using FrozenFunction function = await FrozenFunction.StartAsync(bootstrap, database.EnvironmentVariables(proxy));

        ProxiedConnection connection = Assert.Single(proxy.Connections);
        Assert.True(connection.Messages.IsOpaque);
        // The request for TLS and ClientHello; the start-up goes with the end of the handshake. The key for P-256 comes first, which
        // is the server's only curve before PostgreSQL 18, by default: OpenSSL begins with X25519, and the server would ask again.
        Assert.Equal(5, connection.Traffic.Flights);
        Assert.StartsWith("function/", Assert.Single(await database.ListSessionsAsync()).ApplicationName, StringComparison.Ordinal);

        Assert.Equal(1, (await function.GetConnectionFactsAsync()).Opens);
        await AssertOneConnectionAsync(function, proxy);
    }

    [Fact]
    public async Task A_server_that_takes_another_curve_alone_gets_it_a_flight_later()
    {
        await using PostgresServer server = await PostgresFixture.StartServerAsync(
            new() { Settings = new Dictionary<string, string> { ["ssl_ecdh_curve"] = "secp384r1" } });
        await using var proxy = new FaultProxy(server);
        await using FrozenFunction function = await FrozenFunction.StartAsync(
            bootstrap, server.EnvironmentVariables, settings: [("PGPORT", $"{proxy.Port}")]);
        Assert.Equal(6, Assert.Single(proxy.Connections).Traffic.Flights);
    }

    private static async Task AssertOneConnectionAsync(FrozenFunction function, FaultProxy proxy)
    {
        int processId = await function.WaitUntilFrozenAsync();
        Assert.Single(proxy.Connections);
        Assert.Single(ProcessInspection.EstablishedPorts(processId), port => port == proxy.Port);
    }
}
