using System.Globalization;
using NativeLambda.Emulator.Postgres;
using Npgsql;

namespace NativeLambda.IntegrationTests.Fixtures;

/// <summary>A database and a role, of one name, for one test on the shared server.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly string _password;

    internal TestDatabase(PostgresServer server, string name, string password)
    {
        Server = server;
        Name = name;
        _password = password;
    }

    /// <summary>The shared server.</summary>
    public PostgresServer Server { get; }

    /// <summary>Name of the database and of its role.</summary>
    public string Name { get; }

    /// <summary>Npgsql connection string of the role: TLS verified, no pool.</summary>
    public string ConnectionString => new NpgsqlConnectionStringBuilder(Server.ConnectionString)
    {
        Database = Name,
        Username = Name,
        Password = _password,
    }.ConnectionString;

    /// <summary>Npgsql connection string of the superuser in this database.</summary>
    public string AdminConnectionString => Server.AdminConnectionStringFor(Name);

    /// <summary>libpq's variables for a client with the role.</summary>
    /// <param name="through">A proxy before the server, or null for the server itself.</param>
    /// <param name="plainText">Without TLS, for a proxy that reads the protocol.</param>
    public Dictionary<string, string> EnvironmentVariables(FaultProxy? through = null, bool plainText = false)
    {
        var variables = new Dictionary<string, string>(Server.EnvironmentVariables)
        {
            ["PGDATABASE"] = Name,
            ["PGUSER"] = Name,
            ["PGPASSWORD"] = _password,
        };
        if (through is not null)
            variables["PGPORT"] = through.Port.ToString(CultureInfo.InvariantCulture);
        if (plainText)
        {
            variables["PGSSLMODE"] = "disable";
            variables.Remove("PGSSLROOTCERT");
        }

        return variables;
    }

    /// <summary>Npgsql connection string of the role through a proxy before the server.</summary>
    public string ConnectionStringThrough(FaultProxy proxy, bool plainText = false)
    {
        var builder = new NpgsqlConnectionStringBuilder(ConnectionString) { Port = proxy.Port };
        if (plainText)
        {
            builder.SslMode = SslMode.Disable;
            builder.RootCertificate = null;
        }

        return builder.ConnectionString;
    }

    /// <summary>The sessions in this database, oldest first.</summary>
    public async Task<IReadOnlyList<PostgresSession>> ListSessionsAsync(CancellationToken cancellationToken = default) =>
        [.. (await Server.ListSessionsAsync(cancellationToken)).Where(session => session.Database == Name && session.Role == Name)];

    /// <summary>Terminates the sessions of the role, waits until they are gone, and says how many there were.</summary>
    public Task<int> TerminateBackendsAsync(CancellationToken cancellationToken = default) =>
        Server.TerminateBackendsAsync(role: Name, cancellationToken: cancellationToken);

    /// <summary>Runs statements as the superuser in this database.</summary>
    public async Task ExecuteAsAdminAsync(string sql, CancellationToken cancellationToken = default)
    {
        await using var admin = new NpgsqlConnection(AdminConnectionString);
        await admin.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, admin);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>One value, as the superuser in this database.</summary>
    public async Task<T> QueryAsAdminAsync<T>(string sql, CancellationToken cancellationToken = default)
    {
        await using var admin = new NpgsqlConnection(AdminConnectionString);
        await admin.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, admin);
        return (T)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public async ValueTask DisposeAsync()
    {
        await using var admin = new NpgsqlConnection(Server.AdminConnectionString);
        await admin.OpenAsync();
        foreach (string statement in new[] { $"DROP DATABASE {Name} WITH (FORCE)", $"DROP ROLE {Name}" })
        {
            await using var command = new NpgsqlCommand(statement, admin);
            await command.ExecuteNonQueryAsync();
        }
    }
}
