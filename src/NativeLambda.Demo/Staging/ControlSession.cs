using NativeLambda.Emulator.Postgres;
using Npgsql;

namespace NativeLambda.Demo.Staging;

/// <summary>The superuser's own session in the function's database: what the story looks at, and what it does to backends.</summary>
internal sealed class ControlSession : IAsyncDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(5);
    private readonly PostgresServer _server;
    private readonly NpgsqlConnection _connection;

    private ControlSession(PostgresServer server, NpgsqlConnection connection) => (_server, _connection) = (server, connection);

    public static async Task<ControlSession> OpenAsync(PostgresServer server, CancellationToken cancellation)
    {
        var connection = new NpgsqlConnection(server.AdminConnectionStringFor(server.Database));
        try
        {
            await connection.OpenAsync(cancellation);
            return new ControlSession(server, connection);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>The backends of the function's role, oldest first.</summary>
    public async Task<IReadOnlyList<Backend>> BackendsAsync(CancellationToken cancellation)
    {
        await using NpgsqlCommand command = Command(
            """
            SELECT a.pid, a.application_name, a.usename::text, coalesce(a.state, ''), coalesce(s.version || ' ' || s.cipher, ''),
                   clock_timestamp() - a.backend_start, (SELECT count(*)::int FROM pg_locks l WHERE l.pid = a.pid), a.query
            FROM pg_stat_activity a LEFT JOIN pg_stat_ssl s ON s.pid = a.pid AND s.ssl
            WHERE a.usename = $1 AND a.backend_type = 'client backend'
            ORDER BY a.backend_start, a.pid
            """,
            _server.User);
        var backends = new List<Backend>();
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            backends.Add(new Backend(
                reader.GetInt32(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4),
                reader.GetTimeSpan(5), reader.GetInt32(6), reader.GetString(7)));
        }

        return backends;
    }

    /// <summary>Terminates a backend and waits until it is gone.</summary>
    /// <exception cref="StageException">There is none.</exception>
    public async Task TerminateAsync(int pid, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = Command("SELECT pg_terminate_backend($1)", pid);
        if (await command.ExecuteScalarAsync(cancellation) is not true) throw new StageException($"there is no backend {pid} to terminate");
        while ((await BackendsAsync(cancellation)).Any(backend => backend.Pid == pid))
            await Task.Delay(PollInterval, TimeProvider.System, cancellation);
    }

    /// <summary>Waits until a backend of the function waits for a lock, and says which.</summary>
    public async Task<int> WaitForBlockedBackendAsync(CancellationToken cancellation)
    {
        await using NpgsqlCommand command = Command(
            "SELECT pid FROM pg_stat_activity WHERE usename = $1 AND wait_event_type = 'Lock' AND state = 'active' LIMIT 1", _server.User);
        while (true)
        {
            if (await command.ExecuteScalarAsync(cancellation) is int pid) return pid;
            await Task.Delay(PollInterval, TimeProvider.System, cancellation);
        }
    }

    /// <summary>Holds a product's row, in a session of its own, until it is disposed.</summary>
    public async Task<IAsyncDisposable> LockProductAsync(string productId, CancellationToken cancellation)
    {
        var connection = new NpgsqlConnection(_server.AdminConnectionStringFor(_server.Database));
        try
        {
            await connection.OpenAsync(cancellation);
            await using var begin = new NpgsqlCommand("BEGIN", connection);
            await begin.ExecuteNonQueryAsync(cancellation);
            await using var hold = new NpgsqlCommand("SELECT FROM products WHERE id = $1 FOR UPDATE", connection);
            hold.Parameters.Add(new NpgsqlParameter { Value = productId });
            await hold.ExecuteNonQueryAsync(cancellation);
            return connection; // closing it rolls back
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>The ledger of a product, past the function: how many movements it has, their sum, and its stock.</summary>
    public async Task<Ledger> LedgerAsync(string productId, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = Command(
            """
            SELECT count(*), coalesce(sum(quantity), 0)::bigint, (SELECT stock FROM products WHERE id = $1)
            FROM movements WHERE product_id = $1
            """,
            productId);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return new Ledger(reader.GetInt64(0), reader.GetInt64(1), reader.IsDBNull(2) ? 0 : reader.GetInt64(2));
    }

    /// <summary>The ways to authenticate that pg_hba.conf allows, and the kind of the stored secret of the function's role.</summary>
    public async Task<(string Methods, string Secret)> AuthenticationAsync(CancellationToken cancellation)
    {
        await using NpgsqlCommand command = Command(
            """
            SELECT (SELECT string_agg(DISTINCT auth_method, ', ') FROM pg_hba_file_rules), split_part(rolpassword, '$', 1)
            FROM pg_authid WHERE rolname = $1
            """,
            _server.User);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return (reader.GetString(0), reader.GetString(1));
    }

    /// <summary>The tables of the function's role, by name.</summary>
    public async Task<string> TablesAsync(CancellationToken cancellation)
    {
        await using NpgsqlCommand command = Command(
            "SELECT coalesce(string_agg(tablename::text, ', ' ORDER BY tablename), '') FROM pg_tables WHERE tableowner = $1", _server.User);
        return (string)(await command.ExecuteScalarAsync(cancellation))!;
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private NpgsqlCommand Command(string sql, object parameter)
    {
#pragma warning disable CA2100 // The statements stand above.
        return new NpgsqlCommand(sql, _connection) { Parameters = { new NpgsqlParameter { Value = parameter } } };
#pragma warning restore CA2100
    }
}
