using Npgsql;
using NpgsqlTypes;

namespace NativeLambda.Emulator.Postgres;

/// <summary>What is done to a server by SQL, each on a connection of its own.</summary>
internal static class ServerControl
{
    /// <summary>What control connections call themselves, so that they are not counted among the clients.</summary>
    public const string ApplicationName = "nativelambda-control";

    private const string Clients = $"backend_type = 'client backend' AND application_name IS DISTINCT FROM '{ApplicationName}'";

    /// <summary>Runs statements without results.</summary>
    public static async Task ExecuteAsync(string connectionString, string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
#pragma warning disable CA2100 // The text is a file of the caller or made of quoted names.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes the application's role and the database that it owns.</summary>
    public static async Task CreateDatabaseAsync(
        string adminConnectionString, string database, string owner, string password, CancellationToken cancellationToken)
    {
        // Whatever the options let the server log, it is not this password.
        await ExecuteAsync(
            adminConnectionString,
            $"""
            SET log_statement = none; SET log_min_duration_statement = -1; SET log_min_error_statement = panic;
            CREATE ROLE {SqlText.Identifier(owner)} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD {SqlText.Literal(password)}
            """,
            cancellationToken).ConfigureAwait(false);
        await ExecuteAsync(
            adminConnectionString,
            $"CREATE DATABASE {SqlText.Identifier(database)} OWNER {SqlText.Identifier(owner)}",
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whether the server follows another one.</summary>
    public static async Task<bool> IsInRecoveryAsync(string adminConnectionString, CancellationToken cancellationToken) =>
        await AskAsync(adminConnectionString, "SELECT pg_is_in_recovery()", cancellationToken).ConfigureAwait(false);

    /// <summary>Makes a standby a server that takes writes, and waits until it does.</summary>
    /// <exception cref="PostgresServerException">It did not within a minute.</exception>
    public static async Task PromoteAsync(string adminConnectionString, CancellationToken cancellationToken)
    {
        if (!await AskAsync(adminConnectionString, "SELECT pg_promote(wait => true, wait_seconds => 60)", cancellationToken).ConfigureAwait(false))
            throw new PostgresServerException("The standby was not promoted within a minute.");
    }

    /// <summary>The sessions of clients, without those of control, oldest first.</summary>
    public static async Task<IReadOnlyList<PostgresSession>> ListSessionsAsync(
        string adminConnectionString, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(adminConnectionString);
        await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var command = new NpgsqlCommand(
            $"""
            SELECT pid, coalesce(application_name, ''), coalesce(usename, ''), coalesce(datname, ''), coalesce(state, ''), backend_start
            FROM pg_stat_activity WHERE {Clients} ORDER BY backend_start, pid
            """,
            connection);
        var sessions = new List<PostgresSession>();
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            sessions.Add(new PostgresSession(
                reader.GetInt32(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4),
                reader.GetFieldValue<DateTimeOffset>(5)));
        }

        return sessions;
    }

    /// <summary>Terminates the sessions that match and waits until their backends are gone.</summary>
    public static async Task<int> TerminateBackendsAsync(
        string adminConnectionString, string? applicationName, string? role, string? database, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(adminConnectionString);
        await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var command = new NpgsqlCommand(
            $"""
            SELECT count(*) FILTER (WHERE pg_terminate_backend(pid, 10000))
            FROM pg_stat_activity
            WHERE {Clients}
              AND ($1::text IS NULL OR application_name LIKE $1) AND ($2::text IS NULL OR usename = $2) AND ($3::text IS NULL OR datname = $3)
            """,
            connection);
        foreach (string? value in new[] { applicationName, role, database })
            command.Parameters.Add(new NpgsqlParameter { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        return (int)(long)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
    }

    private static async Task<bool> AskAsync(string connectionString, string question, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
#pragma warning disable CA2100 // The questions above.
        await using var command = new NpgsqlCommand(question, connection) { CommandTimeout = 0 };
#pragma warning restore CA2100
        return (bool)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
    }
}
