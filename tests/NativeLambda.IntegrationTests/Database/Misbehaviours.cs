using System.Data;
using Npgsql;

namespace NativeLambda.IntegrationTests.Database;

/// <summary>What a handler can do to the connection that it was lent, each ending as a handler does that forgot to clean up.</summary>
internal static class Misbehaviours
{
    public static readonly Dictionary<string, Func<NpgsqlConnection, Task>> All = new()
    {
        ["behaves"] = connection => Run(connection, "SELECT 1"),
        ["touches nothing"] = _ => Task.CompletedTask,
        ["leaves a transaction of the API open"] = async connection =>
        {
            await connection.BeginTransactionAsync();
            await Run(connection, "INSERT INTO left_behind VALUES (1)");
        },
        ["begins a transaction and sends nothing in it"] = async connection => await connection.BeginTransactionAsync(),
        ["leaves a raw BEGIN open"] = connection => Run(connection, "BEGIN", "INSERT INTO left_behind VALUES (1)"),
        ["leaves a failed transaction"] = async connection =>
        {
            await Run(connection, "BEGIN", "INSERT INTO left_behind VALUES (1)");
            await Assert.ThrowsAsync<PostgresException>(() => Run(connection, "SELECT 1 / 0"));
        },
        ["leaves a reader open"] = async connection =>
        {
            NpgsqlDataReader reader = await new NpgsqlCommand("SELECT * FROM generate_series(1, 10000)", connection).ExecuteReaderAsync();
            await reader.ReadAsync();
        },
        ["leaves a reader open in a transaction"] = async connection =>
        {
            await Run(connection, "BEGIN", "INSERT INTO left_behind VALUES (1)");
            NpgsqlDataReader reader = await new NpgsqlCommand("SELECT * FROM generate_series(1, 10000)", connection).ExecuteReaderAsync();
            await reader.ReadAsync();
        },
        ["leaves a sequential reader open in the middle of a row"] = async connection =>
        {
            NpgsqlDataReader reader = await new NpgsqlCommand("SELECT repeat('x', 1000000), 2", connection).ExecuteReaderAsync(CommandBehavior.SequentialAccess);
            await reader.ReadAsync();
            _ = reader.GetTextReader(0).Read();
        },
        ["leaves a COPY half done"] = async connection =>
        {
            TextWriter copy = await connection.BeginTextImportAsync("COPY left_behind FROM STDIN");
            await copy.WriteAsync("1\n");
        },
        ["leaves a COPY out half read"] = async connection =>
        {
            TextReader copy = await connection.BeginTextExportAsync("COPY (SELECT * FROM generate_series(1, 100000)) TO STDOUT");
            await copy.ReadLineAsync();
        },
        ["leaves a statement running"] = connection =>
        {
            _ = new NpgsqlCommand("SELECT pg_sleep(60)", connection).ExecuteNonQueryAsync();
            return Task.CompletedTask;
        },
        ["disposes the connection"] = async connection => await connection.DisposeAsync(),
        ["closes the connection"] = connection => connection.CloseAsync(),
        ["closes the connection in a transaction"] = async connection =>
        {
            await connection.BeginTransactionAsync();
            await Run(connection, "INSERT INTO left_behind VALUES (1)");
            await connection.CloseAsync();
        },
        ["replaces the connection"] = async connection =>
        {
            await connection.CloseAsync();
            await connection.OpenAsync();
            await Run(connection, "BEGIN", "INSERT INTO left_behind VALUES (1)");
        },
        ["changes settings"] = connection => Run(connection, "SET statement_timeout = '1h'", "SET search_path = nowhere", "SET TimeZone = 'Asia/Tokyo'"),
        ["changes settings in a transaction"] = connection => Run(connection, "BEGIN", "SET search_path = nowhere", "COMMIT"),
        ["becomes another role"] = connection => Run(connection, "SET ROLE pg_read_all_settings"),
        ["is read-only from now on"] = connection => Run(connection, "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY"),
        ["makes a temporary table"] = connection => Run(connection, "CREATE TEMP TABLE left_behind (n int)", "INSERT INTO left_behind VALUES (1)"),
        ["takes an advisory lock"] = connection => Run(connection, "SELECT pg_advisory_lock(42)", "SELECT pg_advisory_lock(42)"),
        ["listens"] = connection => Run(connection, "LISTEN left_behind"),
        ["leaves a cursor"] = connection => Run(connection, "BEGIN", "DECLARE left_behind CURSOR WITH HOLD FOR SELECT 1", "COMMIT"),
        ["hears notices"] = connection =>
        {
            connection.Notice += (_, _) => throw new InvalidOperationException("A handler of an earlier invocation heard a notice.");
            return Task.CompletedTask;
        },
        ["locks a table"] = connection => Run(connection, "BEGIN", "LOCK TABLE left_behind"),
    };

    private static async Task Run(NpgsqlConnection connection, params string[] statements)
    {
        foreach (string statement in statements)
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync();
        }
    }
}
