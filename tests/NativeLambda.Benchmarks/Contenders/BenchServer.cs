using System.Globalization;
using NativeLambda.Emulator.Postgres;
using Npgsql;

namespace NativeLambda.Benchmarks.Contenders;

/// <summary>
/// The server of a run: TLS with a certificate of its own CA, SCRAM, the function's tables, some products; and a role that is let in
/// without a password or TLS, for the floor.
/// </summary>
internal sealed class BenchServer : IAsyncDisposable
{
    private const string TrustedRole = "trusted";
    private const int Products = 20;

    private readonly PostgresServer _server;

    // As on Lambda, where /tmp is an environment's own: what a killed runtime leaves there goes with it.
    private readonly DirectoryInfo _temporary = Directory.CreateTempSubdirectory("nativelambda-bench-");

    private BenchServer(PostgresServer server) => _server = server;

    /// <summary>Its port on 127.0.0.1.</summary>
    public int Port => _server.Port;

    /// <summary>What it says of itself.</summary>
    public string Version => _server.Version;

    /// <summary>Starts it.</summary>
    /// <param name="schema">The file with the tables.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PostgresServerException">It does not start.</exception>
    public static async Task<BenchServer> StartAsync(string schema, CancellationToken cancellationToken)
    {
        PostgresServer server = await PostgresServer.StartAsync(
            new PostgresServerOptions
            {
                Tls = PostgresTls.Optional, // the floor goes without
                Settings = new Dictionary<string, string>
                {
                    ["max_connections"] = "300",
                    // Nothing may begin to work by itself in the midst of a measurement.
                    ["autovacuum"] = "off",
                    ["checkpoint_timeout"] = "1h",
                },
            },
            cancellationToken);
        try
        {
            await server.ExecuteFileAsync(schema, cancellationToken);
            await using var connection = new NpgsqlConnection(server.AdminConnectionStringFor(server.Database));
            await connection.OpenAsync(cancellationToken);
            string hosts = Path.Combine(server.DataDirectory, "pg_hba.conf");
            await File.WriteAllTextAsync(
                hosts, $"host all {TrustedRole} 127.0.0.1/32 trust\n{await File.ReadAllTextAsync(hosts, cancellationToken)}", cancellationToken);
            await using var command = new NpgsqlCommand(
                $"""
                CREATE ROLE {TrustedRole} LOGIN;
                GRANT {server.User} TO {TrustedRole};
                INSERT INTO products (id, name, price, stock) SELECT 'p' || i, 'Product ' || i, 9.90 + i, i FROM generate_series(1, {Products}) AS i;
                ANALYZE;
                SELECT pg_reload_conf();
                """,
                connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
            return new BenchServer(server);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>The variables of a function for this server: the same for all, but for what a floor leaves out.</summary>
    public IReadOnlyDictionary<string, string> VariablesFor(ServerNeeds needs)
    {
        var variables = new Dictionary<string, string>(_server.EnvironmentVariables)
        {
            ["PGSSLMODE"] = needs.UsesTls ? "verify-full" : "disable",
            ["TMPDIR"] = _temporary.FullName,
        };
        if (needs.IsTrusted) variables["PGUSER"] = TrustedRole;
        return variables;
    }

    /// <summary>How many backends serve clients, which is none when all functions have ended.</summary>
    public async Task<int> CountSessionsAsync(CancellationToken cancellationToken) => (await _server.ListSessionsAsync(cancellationToken)).Count;

    public async ValueTask DisposeAsync()
    {
        _temporary.Delete(recursive: true);
        await _server.DisposeAsync();
    }

    /// <summary>The port as a variable's value.</summary>
    public static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
