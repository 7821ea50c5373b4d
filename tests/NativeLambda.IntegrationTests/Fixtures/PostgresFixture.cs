using System.Globalization;
using System.Security.Cryptography;
using NativeLambda.Emulator.Postgres;
using Npgsql;

namespace NativeLambda.IntegrationTests.Fixtures;

/// <summary>One PostgreSQL server for the run, started when the first test asks, and a database of its own for each that does.</summary>
/// <remarks>
/// A test that stops, suspends or fills the server, or replaces its certificate, takes one of its own: see
/// <see cref="StartServerAsync"/>.
/// </remarks>
public sealed class PostgresFixture : IAsyncDisposable
{
    private static readonly PostgresServerOptions SharedOptions = new()
    {
        // TLS for who asks, plain text for tests that read the protocol on the wire.
        Tls = PostgresTls.Optional,
        Settings = new Dictionary<string, string> { ["max_connections"] = "200" },
    };

    private readonly Lazy<Task<PostgresServer>> _server = new(() => StartServerAsync(SharedOptions));
    private int _databases;

    /// <summary>The shared server. Its own database is the template of the tests': do not connect to it.</summary>
    public Task<PostgresServer> GetServerAsync() => _server.Value;

    /// <summary>A server for one test, with the schema applied to its database; the test disposes it.</summary>
    public static async Task<PostgresServer> StartServerAsync(
        PostgresServerOptions? options = null, CancellationToken cancellationToken = default)
    {
        PostgresServer server = await PostgresServer.StartAsync(options, cancellationToken);
        TestServers.Add(server, server.Password);
        await server.ExecuteFileAsync(Repository.Schema, cancellationToken);
        return server;
    }

    /// <summary>
    /// A database with the schema and no rows, and a role that may do with it what its owner may; both go when the test disposes
    /// it, whoever is still connected.
    /// </summary>
    public async Task<TestDatabase> CreateDatabaseAsync(CancellationToken cancellationToken = default)
    {
        PostgresServer server = await GetServerAsync();
        string name = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref _databases)}");
        string password = RandomNumberGenerator.GetHexString(24);
        await using var admin = new NpgsqlConnection(server.AdminConnectionString);
        await admin.OpenAsync(cancellationToken);
        // A member of the owner of the template's tables, but a role of its own: its password and settings are the test's to change.
        foreach (string statement in new[]
                 {
                     $"CREATE ROLE {name} LOGIN PASSWORD '{password}' IN ROLE {server.User}",
                     $"CREATE DATABASE {name} TEMPLATE {server.Database} OWNER {name}",
                 })
        {
            await using var command = new NpgsqlCommand(statement, admin);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        TestServers.Add(server, password);
        return new TestDatabase(server, name, password);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server.IsValueCreated)
            await (await _server.Value).DisposeAsync();
    }
}
