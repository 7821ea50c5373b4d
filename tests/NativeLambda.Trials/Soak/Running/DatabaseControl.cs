using System.Globalization;
using NativeLambda.Emulator.Postgres;
using NativeLambda.Trials.Soak.Judging;
using Npgsql;

namespace NativeLambda.Trials.Soak.Running;

/// <summary>What the trial asks of the server as its superuser, past the proxy, on slots that are reserved for that.</summary>
internal sealed class DatabaseControl(PostgresServer server, string strangerRole)
{
    private string AdminConnectionString => server.AdminConnectionStringFor(server.Database);

    public static string ConnectionStringFor(PostgresServer server, string role, string password) =>
        new NpgsqlConnectionStringBuilder(server.AdminConnectionStringFor(server.Database)) { Username = role, Password = password }.ConnectionString;

    public Task CreateRoleAsync(string role, string password) => ExecuteAsync($"CREATE ROLE {role} LOGIN PASSWORD '{password}'");

    public Task SetPasswordAsync(string role, string password) => ExecuteAsync($"ALTER ROLE {role} PASSWORD '{password}'");

    /// <summary>Terminates the backends of the fleet that are idle, and waits for their end.</summary>
    public Task<long> TerminateIdleAsync() => TerminateAsync("state = 'idle'");

    /// <summary>Terminates the backends of the fleet that wait for a lock, and waits for their end.</summary>
    public Task<long> TerminateWaitingAsync() => TerminateAsync("wait_event_type = 'Lock'");

    /// <summary>How many backends of the fleet wait for a lock.</summary>
    public Task<long> CountWaitingAsync() => CountAsync(server.User, "wait_event_type = 'Lock'");

    /// <summary>How many backends of the fleet execute a statement.</summary>
    public Task<long> CountActiveAsync() => CountAsync(server.User, "state = 'active'");

    /// <summary>How many sessions the others have.</summary>
    public Task<long> CountStrangersAsync() => CountAsync(strangerRole, "true");

    /// <summary>Locks all products until the lock is disposed.</summary>
    public async Task<RowLock> LockProductsAsync()
    {
        var connection = new NpgsqlConnection(AdminConnectionString);
        try
        {
            await connection.OpenAsync();
            var transaction = await connection.BeginTransactionAsync();
            await using var command = new NpgsqlCommand("SELECT 1 FROM products ORDER BY id FOR UPDATE", connection, transaction);
            await command.ExecuteNonQueryAsync();
            return new RowLock(connection, transaction);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>All that the tables hold.</summary>
    public async Task<DatabaseState> ReadAsync()
    {
        await using var connection = new NpgsqlConnection(AdminConnectionString);
        await connection.OpenAsync();
        var movements = new List<MovementRow>();
        await ReadAsync(connection, "SELECT id, product_id, quantity, stock FROM movements ORDER BY id", row =>
            movements.Add(new MovementRow(row.GetInt64(0), Product(row.GetString(1)), row.GetInt32(2), row.GetInt64(3))));
        var stocks = new Dictionary<int, long>();
        await ReadAsync(connection, "SELECT id, stock FROM products", row => stocks[Product(row.GetString(0))] = row.GetInt64(1));
        var keys = new Dictionary<string, long>();
        await ReadAsync(connection, "SELECT key, movement_id FROM idempotency_keys", row => keys[row.GetString(0)] = row.GetInt64(1));
        return new DatabaseState(movements, stocks, keys);
    }

    private static int Product(string id) => int.Parse(id.AsSpan(1), CultureInfo.InvariantCulture);

    private static async Task ReadAsync(NpgsqlConnection connection, string sql, Action<NpgsqlDataReader> row)
    {
#pragma warning disable CA2100 // Constants of this file.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            row(reader);
    }

    // A signal that is only sent may strike a statement that begins when the fault is already over: this waits until they are gone.
    private Task<long> TerminateAsync(string condition) =>
        ScalarAsync($"SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity WHERE usename = '{server.User}' AND {condition}");

    private Task<long> CountAsync(string role, string condition) =>
        ScalarAsync($"SELECT count(*) FROM pg_stat_activity WHERE usename = '{role}' AND {condition}");

    private async Task<long> ScalarAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(AdminConnectionString);
        await connection.OpenAsync();
#pragma warning disable CA2100 // Constants of this file and names of roles.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(AdminConnectionString);
        await connection.OpenAsync();
#pragma warning disable CA2100 // Constants of this file and a random password of hexadecimal digits.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }
}
