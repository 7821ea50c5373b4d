using System.Diagnostics;
using NativeLambda.Database;
using NativeLambda.Emulator.Postgres;
using NativeLambda.IntegrationTests.Fixtures;
using NativeLambda.IntegrationTests.Function;
using Npgsql;

namespace NativeLambda.IntegrationTests.Deploy;

/// <summary>deploy/sql/role.sql, run by psql as a master user that is no superuser, as on RDS.</summary>
public sealed class RoleScriptTests
{
    private const string Role = "nativelambda";
    private const string Master = "master";

    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    private static string Script { get; } = Path.Combine(Repository.Root, "deploy", "sql", "role.sql");

    [Fact]
    public async Task The_role_does_all_that_the_products_API_does_and_no_more()
    {
        await using PostgresServer server = await StartLikeRdsAsync();
        await RunScriptAsync(server);
        await RunScriptAsync(server); // any number of times
        await using (var products = new ProductsClient(await SignInAsync(server)))
        {
            string id = await products.CreateAsync(stock: 5);
            Assert.Equal(201, (await products.MoveAsync(id, -2, key: "once")).StatusCode);
            Assert.Equal(201, (await products.MoveAsync(id, -2, key: "once")).StatusCode);
            Assert.Equal(3, await products.StockAsync(id));
            Assert.Equal(200, (await products.SendAsync("PUT", $"/products/{id}", """{"name":"b","price":2}""")).StatusCode);
            Assert.Equal(200, (await products.SendAsync("GET", "/products")).StatusCode);
            Assert.Equal(204, (await products.SendAsync("DELETE", $"/products/{id}")).StatusCode);
        }

        await using NpgsqlConnection connection = await SignInAsync(server);
        foreach (string statement in new[]
                 {
                     "CREATE TABLE mine (id int)", "CREATE TEMP TABLE mine (id int)", "CREATE SCHEMA mine", "TRUNCATE products", "DROP TABLE products",
                     "UPDATE movements SET quantity = 1", "DELETE FROM movements", "DELETE FROM idempotency_keys", "CREATE ROLE other", "CREATE DATABASE other",
                     "ALTER TABLE products ADD COLUMN mine int",
                 })
        {
            PostgresException refused = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(connection, statement));
            Assert.True(refused.SqlState == PostgresErrorCodes.InsufficientPrivilege, $"{statement}: {refused.MessageText}");
        }
    }

    [Fact]
    public async Task The_guards_stand_at_the_role_and_it_is_one_of_those_that_sign_in_by_IAM()
    {
        await using PostgresServer server = await StartLikeRdsAsync();
        await RunScriptAsync(server, "idle_session_timeout=7min", "connection_limit=90");
        await using NpgsqlConnection connection = await SignInAsync(server);
        Assert.Equal("7min", await QueryAsync<string>(connection, "SHOW idle_session_timeout"));
        Assert.Equal("1min", await QueryAsync<string>(connection, "SHOW idle_in_transaction_session_timeout"));
        Assert.Equal("10s", await QueryAsync<string>(connection, "SHOW statement_timeout"));
        Assert.True(await QueryAsync<bool>(connection, "SELECT pg_has_role(current_user, 'rds_iam', 'member')"));
        Assert.Equal(90, await QueryAsync<int>(connection, "SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user"));
    }

    [Fact]
    public async Task The_role_sees_the_slots_that_others_take_without_a_right_to_see_what_they_do()
    {
        await using PostgresServer server = await StartLikeRdsAsync();
        await RunScriptAsync(server);
        await using NpgsqlConnection connection = await SignInAsync(server);
        int before = await QueryAsync<int>(connection, $"SELECT {LoadStatement.Used}");
        await using NpgsqlConnection other = await OpenAsync(Connect(server, Master));
        await using NpgsqlConnection admin = await OpenAsync(server.AdminConnectionStringFor(server.Database));
        Assert.Equal(before + 2, await QueryAsync<int>(connection, $"SELECT {LoadStatement.Used}"));
        Assert.Equal(await QueryAsync<int>(admin, $"SELECT {LoadStatement.Used}"), await QueryAsync<int>(connection, $"SELECT {LoadStatement.Used}"));
    }

    [Fact]
    public async Task A_role_that_cannot_be_made_leaves_nothing_half_done()
    {
        await using PostgresServer server = await StartLikeRdsAsync();
        await AsAdminAsync(server, "DROP TABLE idempotency_keys");
        InvalidOperationException failed = await Assert.ThrowsAsync<InvalidOperationException>(() => RunScriptAsync(server));
        Assert.Contains("idempotency_keys", failed.Message, StringComparison.Ordinal);
        await using NpgsqlConnection admin = await OpenAsync(server.AdminConnectionStringFor(server.Database));
        Assert.False(await QueryAsync<bool>(admin, $"SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = '{Role}')"));
    }

    /// <summary>A server with RDS's role for IAM, and a master user that owns the database and may make roles.</summary>
    private static async Task<PostgresServer> StartLikeRdsAsync()
    {
        Assert.SkipUnless(HasPsql(), "psql is not installed: Debian's package postgresql-client has it");
        PostgresServer server = await PostgresFixture.StartServerAsync(cancellationToken: Cancellation);
        await AsAdminAsync(
            server,
            $"""
             CREATE ROLE rds_iam;
             CREATE ROLE {Master} LOGIN CREATEROLE PASSWORD '{server.Password}';
             GRANT rds_iam TO {Master} WITH ADMIN OPTION;
             REASSIGN OWNED BY {server.User} TO {Master};
             """);
        return server;
    }

    private static async Task RunScriptAsync(PostgresServer server, params string[] variables)
    {
        var start = new ProcessStartInfo("psql", ["-X", "-q", .. variables.SelectMany(variable => new[] { "-v", variable }), "-f", Script])
        {
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in server.EnvironmentVariables)
            start.Environment[name] = value;
        start.Environment["PGUSER"] = Master;
        using Process psql = Process.Start(start)!;
        string error = await psql.StandardError.ReadToEndAsync(Cancellation);
        await psql.WaitForExitAsync(Cancellation);
        if (psql.ExitCode != 0)
            throw new InvalidOperationException($"psql ended with {psql.ExitCode}: {error}");
    }

    /// <summary>With a password, which only a test gives it: no RDS is here to check a token.</summary>
    private static async Task<NpgsqlConnection> SignInAsync(PostgresServer server)
    {
        await AsAdminAsync(server, $"ALTER ROLE {Role} PASSWORD '{server.Password}'");
        return await OpenAsync(Connect(server, Role));
    }

    private static async Task AsAdminAsync(PostgresServer server, string sql)
    {
        await using NpgsqlConnection admin = await OpenAsync(server.AdminConnectionStringFor(server.Database));
        await ExecuteAsync(admin, sql);
    }

    private static async Task<NpgsqlConnection> OpenAsync(string connectionString)
    {
        var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(Cancellation);
        return connection;
    }

    private static string Connect(PostgresServer server, string user) =>
        new NpgsqlConnectionStringBuilder(server.ConnectionString) { Username = user }.ConnectionString;

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private static async Task<T> QueryAsync<T>(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    private static bool HasPsql() => Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, "psql")));
}
