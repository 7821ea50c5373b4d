using System.Globalization;
using NativeLambda.Emulator.Postgres;
using NativeLambda.IntegrationTests.Fixtures;
using Npgsql;

namespace NativeLambda.IntegrationTests.Failover;

/// <summary>
/// A primary and its standby for one test, with the schema applied. The primary acknowledges a commit when the standby has it too.
/// </summary>
internal sealed class ReplicatedPair : IAsyncDisposable
{
    private ReplicatedPair(PostgresServer primary, PostgresServer standby)
    {
        Primary = primary;
        Standby = standby;
    }

    public PostgresServer Primary { get; }

    public PostgresServer Standby { get; }

    /// <summary>Starts both; the test is skipped where the server comes without the program that copies it.</summary>
    public static async Task<ReplicatedPair> StartAsync(PostgresServerOptions? options = null)
    {
        SkipWithoutBaseBackup();
        PostgresServer primary = await PostgresFixture.StartServerAsync(options);
        PostgresServer? standby = null;
        try
        {
            standby = await PostgresServer.StartStandbyAsync(primary);
            TestServers.Add(standby, standby.Password);
            // After the copy, which would hold the setting as well and, once promoted, wait for a standby that it has not.
            await ConfigureAsync(primary, "synchronous_standby_names = '*'");
            await Eventually.IsAsync("sync", () => QueryAsync<string>(primary, "SELECT coalesce(max(sync_state), 'none') FROM pg_stat_replication"));
            return new ReplicatedPair(primary, standby);
        }
        catch
        {
            if (standby is not null)
                await standby.DisposeAsync();
            await primary.DisposeAsync();
            throw;
        }
    }

    public static void SkipWithoutBaseBackup() => Assert.SkipUnless(
        File.Exists(PostgresBinaries.Find().BaseBackup),
        "The PostgreSQL server here comes without pg_basebackup, which makes a standby (Debian's package postgresql has it).");

    /// <summary>Changes a setting of a server that runs.</summary>
    public static async Task ConfigureAsync(PostgresServer server, string setting)
    {
        await ExecuteAsync(server, $"ALTER SYSTEM SET {setting}");
        await ExecuteAsync(server, "SELECT pg_reload_conf()");
    }

    /// <summary>Makes a server take no writes, as a primary that was demoted, or take them again; returns when new sessions see it.</summary>
    public static async Task SetReadOnlyAsync(PostgresServer server, bool readOnly)
    {
        string value = readOnly ? "on" : "off";
        await ConfigureAsync(server, $"default_transaction_read_only = {value}");
        await Eventually.IsAsync(value, () => QueryAsync<string>(server, "SELECT current_setting('default_transaction_read_only')"));
    }

    /// <summary>One value, as the superuser in the application's database.</summary>
    public static async Task<T> QueryAsync<T>(PostgresServer server, string sql)
    {
        await using var admin = new NpgsqlConnection(server.AdminConnectionStringFor(server.Database));
        await admin.OpenAsync();
        await using var command = new NpgsqlCommand(sql, admin);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>libpq's variables for a client that knows several ports of 127.0.0.1.</summary>
    public Dictionary<string, string> EnvironmentVariables(params int[] ports) => EnvironmentVariables(Primary, ports);

    /// <inheritdoc cref="EnvironmentVariables(int[])"/>
    public static Dictionary<string, string> EnvironmentVariables(PostgresServer server, params int[] ports) => new(server.EnvironmentVariables)
    {
        ["PGHOST"] = string.Join(',', ports.Select(_ => "127.0.0.1")),
        ["PGPORT"] = string.Join(',', ports.Select(port => port.ToString(CultureInfo.InvariantCulture))),
    };

    /// <summary>The primary stops as in a crash, and its standby takes its place.</summary>
    public async Task FailOverAsync()
    {
        await Primary.StopAsync(PostgresShutdownMode.Immediate);
        await Standby.PromoteAsync();
    }

    /// <summary>Stock and number of movements of the tests' product, as a server has them.</summary>
    public static async Task<(long Stock, long Movements)> CountAsync(PostgresServer server) => (
        await QueryAsync<long>(server, "SELECT stock FROM products WHERE id = 'p'"),
        await QueryAsync<long>(server, "SELECT count(*) FROM movements WHERE product_id = 'p'"));

    public async ValueTask DisposeAsync()
    {
        await Standby.DisposeAsync();
        await Primary.DisposeAsync();
    }

    private static async Task ExecuteAsync(PostgresServer server, string sql)
    {
        await using var admin = new NpgsqlConnection(server.AdminConnectionString);
        await admin.OpenAsync();
        await using var command = new NpgsqlCommand(sql, admin);
        await command.ExecuteNonQueryAsync();
    }
}
