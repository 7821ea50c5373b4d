using System.Security.Authentication;
using NativeLambda.Emulator.Postgres;
using Npgsql;

namespace NativeLambda.IntegrationTests.Postgres;

public sealed class PostgresServerTests
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_application_logs_in_by_TLS_and_SCRAM_and_owns_its_database_without_being_superuser()
    {
        await using PostgresServer server = await PostgresServer.StartAsync(cancellationToken: Cancellation);
        await using NpgsqlConnection connection = await OpenAsync(server.ConnectionString);
        Assert.True(await ScalarAsync<bool>(connection, "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"));
        Assert.False(await ScalarAsync<bool>(connection, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"));
        Assert.Equal("fsync off", await ScalarAsync<string>(connection, "SELECT 'fsync ' || current_setting('fsync')"));
        await ExecuteAsync(connection, "CREATE TABLE mine (id int)");

        await using NpgsqlConnection admin = await OpenAsync(server.AdminConnectionString);
        string verifier = await ScalarAsync<string>(
            admin, $"SELECT rolpassword FROM pg_authid WHERE rolname = '{server.User}'");
        Assert.StartsWith("SCRAM-SHA-256$", verifier, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public async Task The_first_certificate_is_valid_for_both_names_of_loopback(string host)
    {
        await using PostgresServer server = await PostgresServer.StartAsync(new() { Host = host }, Cancellation);
        Assert.Equal(host, server.EnvironmentVariables["PGHOST"]);
        Assert.Equal("verify-full", server.EnvironmentVariables["PGSSLMODE"]);
        await using NpgsqlConnection connection = await OpenAsync(server.ConnectionString);
    }

    [Fact]
    public async Task A_client_that_pins_another_CA_refuses_the_server()
    {
        await using PostgresServer server = await PostgresServer.StartAsync(cancellationToken: Cancellation);
        using var other = new CertificateAuthority();
        string otherRoot = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(otherRoot, other.CertificatePem, Cancellation);
            var strict = new NpgsqlConnectionStringBuilder(server.ConnectionString) { RootCertificate = otherRoot };
            await AssertTlsIsRefusedAsync(strict.ConnectionString);
        }
        finally
        {
            File.Delete(otherRoot);
        }
    }

    [Fact]
    public async Task Certificates_that_are_expired_or_for_another_host_are_offered_refused_and_replaced_while_the_server_runs()
    {
        await using PostgresServer server = await PostgresServer.StartAsync(cancellationToken: Cancellation);
        int postmaster = server.PostmasterPid;
        using var other = new CertificateAuthority();
        foreach (ServerCertificate bad in new[]
                 {
                     server.CertificateAuthority.IssueExpiredServerCertificate(),
                     server.CertificateAuthority.IssueServerCertificateFor("db.example.com"),
                     other.IssueServerCertificate(),
                 })
        {
            await server.UseServerCertificateAsync(bad, Cancellation);
            await AssertTlsIsRefusedAsync(server.ConnectionString);
        }

        await server.UseServerCertificateAsync(server.CertificateAuthority.IssueServerCertificate(), Cancellation);
        await using NpgsqlConnection connection = await OpenAsync(server.ConnectionString);
        Assert.Equal(postmaster, server.PostmasterPid);
    }

    [Fact]
    public async Task A_client_without_TLS_is_refused_unless_plain_text_is_allowed()
    {
        await using (PostgresServer strict = await PostgresServer.StartAsync(cancellationToken: Cancellation))
        {
            PostgresException refused = await Assert.ThrowsAsync<PostgresException>(() => OpenAsync(PlainText(strict)));
            Assert.Equal(PostgresErrorCodes.InvalidAuthorizationSpecification, refused.SqlState);
        }

        await using PostgresServer lenient = await PostgresServer.StartAsync(new() { Tls = PostgresTls.Optional }, Cancellation);
        await using NpgsqlConnection plain = await OpenAsync(PlainText(lenient));
        await using NpgsqlConnection encrypted = await OpenAsync(lenient.ConnectionString);
    }

    [Fact]
    public async Task A_server_without_TLS_offers_none()
    {
        await using PostgresServer server = await PostgresServer.StartAsync(new() { Tls = PostgresTls.Off }, Cancellation);
        await using NpgsqlConnection connection = await OpenAsync(server.ConnectionString);
        var required = new NpgsqlConnectionStringBuilder(server.ConnectionString) { SslMode = SslMode.Require };
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => OpenAsync(required.ConnectionString));
    }

    [Theory]
    [InlineData(PostgresShutdownMode.Fast)]
    [InlineData(PostgresShutdownMode.Immediate)]
    public async Task A_restart_keeps_port_and_data_and_ends_the_sessions(PostgresShutdownMode mode)
    {
        await using PostgresServer server = await PostgresServer.StartAsync(cancellationToken: Cancellation);
        int port = server.Port;
        int postmaster = server.PostmasterPid;
        await using NpgsqlConnection before = await OpenAsync(server.ConnectionString);
        await ExecuteAsync(before, "CREATE TABLE kept AS SELECT 42 AS answer");

        await server.RestartAsync(mode, Cancellation);

        Assert.NotEqual(postmaster, server.PostmasterPid);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => ScalarAsync<int>(before, "SELECT 1"));
        Assert.Equal(port, server.Port);
        await using NpgsqlConnection after = await OpenAsync(server.ConnectionString);
        Assert.Equal(42, await ScalarAsync<int>(after, "SELECT answer FROM kept"));
    }

    [Fact]
    public async Task A_stopped_server_refuses_connections_until_it_is_started_again()
    {
        await using PostgresServer server = await PostgresServer.StartAsync(cancellationToken: Cancellation);
        await server.StopAsync(cancellationToken: Cancellation);
        Assert.False(server.IsRunning);
        Assert.Throws<InvalidOperationException>(() => server.PostmasterPid);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => OpenAsync(server.ConnectionString));
        await server.StartAgainAsync(Cancellation);
        await using NpgsqlConnection connection = await OpenAsync(server.ConnectionString);
    }

    [Fact]
    public async Task Terminating_backends_takes_those_that_match_and_no_others()
    {
        await using PostgresServer server = await PostgresServer.StartAsync(cancellationToken: Cancellation);
        var named = new NpgsqlConnectionStringBuilder(server.ConnectionString) { ApplicationName = "function-1" };
        await using NpgsqlConnection victim = await OpenAsync(named.ConnectionString);
        await using NpgsqlConnection bystander = await OpenAsync(server.ConnectionString);
        Assert.Equal(
            [victim.ProcessID, bystander.ProcessID], (await server.ListSessionsAsync(Cancellation)).Select(session => session.Pid));

        Assert.Equal(0, await server.TerminateBackendsAsync(role: "nobody", cancellationToken: Cancellation));
        Assert.Equal(1, await server.TerminateBackendsAsync("function-%", cancellationToken: Cancellation));

        Assert.Equal([bystander.ProcessID], (await server.ListSessionsAsync(Cancellation)).Select(session => session.Pid));
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => ScalarAsync<int>(victim, "SELECT 1"));
        Assert.Equal(1, await ScalarAsync<int>(bystander, "SELECT 1"));
    }

    [Fact]
    public async Task A_file_runs_as_the_owner_of_the_database()
    {
        await using PostgresServer server = await PostgresServer.StartAsync(cancellationToken: Cancellation);
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "CREATE TABLE a (id int);\nINSERT INTO a VALUES (1); -- done;\nINSERT INTO a VALUES (2);\n", Cancellation);
            await server.ExecuteFileAsync(file, Cancellation);
        }
        finally
        {
            File.Delete(file);
        }

        await using NpgsqlConnection connection = await OpenAsync(server.AdminConnectionStringFor(server.Database));
        Assert.Equal(2, await ScalarAsync<long>(connection, "SELECT count(*) FROM a"));
        Assert.Equal(server.User, await ScalarAsync<string>(connection, "SELECT tableowner::text FROM pg_tables WHERE tablename = 'a'"));
    }

    [Fact]
    public async Task Settings_reach_the_server_and_a_superuser_gets_in_when_it_is_full()
    {
        var settings = new Dictionary<string, string> { ["max_connections"] = "5", ["superuser_reserved_connections"] = "2" };
        await using PostgresServer server = await PostgresServer.StartAsync(new() { Settings = settings }, Cancellation);
        var taken = new List<NpgsqlConnection>();
        try
        {
            PostgresException full = await Assert.ThrowsAsync<PostgresException>(async () =>
            {
                for (int i = 0; i < 6; i++)
                    taken.Add(await OpenAsync(server.ConnectionString));
            });
            Assert.Equal(PostgresErrorCodes.TooManyConnections, full.SqlState);
            Assert.Equal(3, taken.Count);
            Assert.Equal(3, await server.TerminateBackendsAsync(role: server.User, cancellationToken: Cancellation));
        }
        finally
        {
            foreach (NpgsqlConnection connection in taken)
                await connection.DisposeAsync();
        }
    }

    private static string PlainText(PostgresServer server) =>
        new NpgsqlConnectionStringBuilder(server.ConnectionString) { SslMode = SslMode.Disable, RootCertificate = null }.ConnectionString;

    private static async Task AssertTlsIsRefusedAsync(string connectionString)
    {
        NpgsqlException refused = await Assert.ThrowsAsync<NpgsqlException>(() => OpenAsync(connectionString));
        Assert.IsType<AuthenticationException>(refused.InnerException);
    }

    private static async Task<NpgsqlConnection> OpenAsync(string connectionString)
    {
        var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(Cancellation);
        return connection;
    }

    private static async Task<T> ScalarAsync<T>(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
