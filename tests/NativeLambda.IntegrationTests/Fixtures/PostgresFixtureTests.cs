using NativeLambda.Emulator.Postgres;
using Npgsql;

namespace NativeLambda.IntegrationTests.Fixtures;

/// <summary>The fixtures together: a database of the shared server, with the proxy before it.</summary>
public sealed class PostgresFixtureTests(PostgresFixture postgres)
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_database_has_the_schema_and_none_of_anothers_rows()
    {
        await using TestDatabase one = await postgres.CreateDatabaseAsync(Cancellation);
        await using TestDatabase other = await postgres.CreateDatabaseAsync(Cancellation);
        await using NpgsqlConnection connection = await OpenAsync(one.ConnectionString);
        await using var insert = new NpgsqlCommand("INSERT INTO products (id, name, price) VALUES ('a', 'A', 1)", connection);
        Assert.Equal(1, await insert.ExecuteNonQueryAsync(Cancellation));
        Assert.Equal(1, await one.QueryAsAdminAsync<long>("SELECT count(*) FROM products", Cancellation));
        Assert.Equal(0, await other.QueryAsAdminAsync<long>("SELECT count(*) FROM products", Cancellation));
        Assert.Equal(connection.ProcessID, Assert.Single(await one.ListSessionsAsync(Cancellation)).Pid);
        Assert.Empty(await other.ListSessionsAsync(Cancellation));
    }

    [Fact]
    public async Task A_disposed_database_is_gone_with_its_role_and_sessions()
    {
        TestDatabase database = await postgres.CreateDatabaseAsync(Cancellation);
        await using NpgsqlConnection connection = await OpenAsync(database.ConnectionString);
        await database.DisposeAsync();
        await using NpgsqlConnection admin = await OpenAsync(database.Server.AdminConnectionString);
        await using var count = new NpgsqlCommand(
            "SELECT (SELECT count(*) FROM pg_database WHERE datname = $1) + (SELECT count(*) FROM pg_roles WHERE rolname = $1)", admin);
        count.Parameters.Add(new NpgsqlParameter { Value = database.Name });
        Assert.Equal(0L, await count.ExecuteScalarAsync(Cancellation));
    }

    [Fact]
    public async Task In_plain_text_the_proxy_reads_the_messages_of_a_statement_and_counts_one_round_trip()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync(Cancellation);
        await using var proxy = new FaultProxy(database.Server);
        await using NpgsqlConnection connection = await OpenAsync(database.ConnectionStringThrough(proxy, plainText: true));
        ProxiedConnection proxied = Assert.Single(proxy.Connections);
        int mark = proxied.Messages.Count;
        int flights = proxied.Traffic.Flights;
        await using var command = new NpgsqlCommand("SELECT 1", connection);
        Assert.Equal(1, await command.ExecuteScalarAsync(Cancellation));

        IReadOnlyList<ProtocolMessage> messages = proxied.Messages.Since(mark);
        Assert.Equal(
            ["P", "B", "D", "E", "S"],
            messages.Where(message => message.Direction == TrafficDirection.ToServer).Select(message => message.Type));
        Assert.Equal("SELECT 1", messages[0].Text);
        Assert.Single(messages, message => message is { Direction: TrafficDirection.ToClient, Type: "Z", Text: "I" });
        Assert.Equal(1, proxied.Traffic.Flights - flights);
    }

    [Fact]
    public async Task Through_TLS_the_certificate_is_good_and_a_statement_is_one_flight()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync(Cancellation);
        await using var proxy = new FaultProxy(database.Server);
        await using NpgsqlConnection connection = await OpenAsync(database.ConnectionStringThrough(proxy));
        ProxiedConnection proxied = Assert.Single(proxy.Connections, c => c.Messages.IsOpaque);
        int flights = proxied.Traffic.Flights;
        await using var command = new NpgsqlCommand("SELECT 1", connection);
        Assert.Equal(1, await command.ExecuteScalarAsync(Cancellation));
        Assert.Equal(1, proxied.Traffic.Flights - flights);
    }

    [Fact]
    public async Task A_server_of_its_own_has_the_schema()
    {
        await using PostgresServer server = await PostgresFixture.StartServerAsync(cancellationToken: Cancellation);
        await using NpgsqlConnection connection = await OpenAsync(server.ConnectionString);
        await using var command = new NpgsqlCommand("SELECT count(*) FROM products", connection);
        Assert.Equal(0L, await command.ExecuteScalarAsync(Cancellation));
    }

    private static async Task<NpgsqlConnection> OpenAsync(string connectionString)
    {
        var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(Cancellation);
        return connection;
    }
}
