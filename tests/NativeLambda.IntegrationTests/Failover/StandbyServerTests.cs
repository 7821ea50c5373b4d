using System.Globalization;
using NativeLambda.Emulator.Postgres;
using NativeLambda.IntegrationTests.Fixtures;
using Npgsql;

namespace NativeLambda.IntegrationTests.Failover;

/// <summary>The embedded server as the standby of another one.</summary>
public sealed class StandbyServerTests
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_standby_has_what_the_primary_acknowledged_takes_no_writes_and_takes_them_once_promoted()
    {
        await using ReplicatedPair pair = await ReplicatedPair.StartAsync();
        Assert.NotEqual(pair.Primary.Port, pair.Standby.Port);
        Assert.False(await pair.Primary.IsInRecoveryAsync(Cancellation));
        Assert.True(await pair.Standby.IsInRecoveryAsync(Cancellation));

        const string Insert = "INSERT INTO products (id, name, price) VALUES ('p', 'p', 1)";
        await ExecuteAsync(pair.Primary, Insert);
        // The application's password and TLS, verified, are good for both.
        PostgresException refused = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(pair.Standby, Insert));
        Assert.Equal("25006", refused.SqlState);

        await pair.FailOverAsync();
        Assert.False(pair.Primary.IsRunning);
        Assert.False(await pair.Standby.IsInRecoveryAsync(Cancellation));
        Assert.Equal("p", await ReplicatedPair.QueryAsync<string>(pair.Standby, "SELECT id FROM products"));
        await ExecuteAsync(pair.Standby, "DELETE FROM products");
    }

    [Fact]
    public async Task No_process_and_no_file_that_others_may_read_holds_the_password_of_the_replication()
    {
        await using ReplicatedPair pair = await ReplicatedPair.StartAsync();
        string password = new NpgsqlConnectionStringBuilder(pair.Primary.AdminConnectionString).Password!;
        foreach (PostgresServer server in new[] { pair.Primary, pair.Standby })
        {
            foreach (int pid in ClusterDirectory.ProcessesIn(server.DataDirectory))
            {
                foreach (string file in new[] { "cmdline", "environ" })
                    Assert.DoesNotContain(password, await ReadAsync($"/proc/{pid}/{file}"), StringComparison.Ordinal);
            }

            Assert.DoesNotContain(password, await server.ReadLogAsync(Cancellation), StringComparison.Ordinal);
        }

        string recovery = await File.ReadAllTextAsync(Path.Combine(pair.Standby.DataDirectory, "postgresql.auto.conf"), Cancellation);
        Assert.Contains("passfile=", recovery, StringComparison.Ordinal);
        Assert.DoesNotContain(password, recovery, StringComparison.Ordinal);
        string passwordFile = Path.Combine(Path.GetDirectoryName(pair.Standby.DataDirectory)!, "replication");
        Assert.Contains(password, await File.ReadAllTextAsync(passwordFile, Cancellation), StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(passwordFile));
    }

    [Fact]
    public async Task Only_the_superuser_may_replicate_and_only_over_the_socket()
    {
        ReplicatedPair.SkipWithoutBaseBackup();
        await using PostgresServer server = await PostgresServer.StartAsync(cancellationToken: Cancellation);
        string[] replication = [.. (await File.ReadAllLinesAsync(Path.Combine(server.DataDirectory, "pg_hba.conf"), Cancellation))
            .Where(line => line.Contains("replication", StringComparison.Ordinal))];
        string[] words = Assert.Single(replication).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["local", "replication", "\"postgres\"", "scram-sha-256"], words);
    }

    [Fact]
    public async Task A_server_without_pg_basebackup_cannot_be_copied_and_says_so()
    {
        // The npm package is like this: the server alone.
        PostgresBinaries real = PostgresBinaries.Find();
        string directory = Directory.CreateTempSubdirectory("nativelambda-bin-").FullName;
        try
        {
            File.SetUnixFileMode(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead
                | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
            foreach (string program in new[] { "postgres", "initdb" })
                await WriteForwarderAsync(Path.Combine(directory, program), Path.Combine(real.Directory, program));
            await using PostgresServer primary = await PostgresServer.StartAsync(new() { BinaryDirectory = directory }, Cancellation);
            string[] before = Clusters();
            PostgresServerException thrown = await Assert.ThrowsAsync<PostgresServerException>(() => PostgresServer.StartStandbyAsync(primary, Cancellation));
            Assert.Contains("pg_basebackup", thrown.Message, StringComparison.Ordinal);
            Assert.Contains(directory, thrown.Message, StringComparison.Ordinal);

            // Those of other tests come and go meanwhile; one that was left behind would have no server.
            await Eventually.IsTrueAsync(() => Task.FromResult(Clusters().Except(before).All(HasServerOrIsGone)));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task<string> ReadAsync(string file)
    {
        try
        {
            return await File.ReadAllTextAsync(file, Cancellation);
        }
        catch (IOException)
        {
            return ""; // A process of the server that has ended since it was listed.
        }
    }

    private static string[] Clusters() => Directory.GetDirectories(
        Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"nativelambda-postgres-{Environment.ProcessId}-*"));

    private static bool HasServerOrIsGone(string cluster) =>
        File.Exists(Path.Combine(cluster, "data", "postmaster.pid")) || !Directory.Exists(cluster);

    private static async Task WriteForwarderAsync(string path, string program)
    {
        await File.WriteAllTextAsync(path, $"#!/bin/sh\nexec '{program}' \"$@\"\n", Cancellation);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute);
    }

    private static async Task ExecuteAsync(PostgresServer server, string sql)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
