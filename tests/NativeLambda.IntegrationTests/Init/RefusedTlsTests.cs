using NativeLambda.Emulator.Postgres;
using NativeLambda.IntegrationTests.Fixtures;
using NativeLambda.IntegrationTests.Faults;

namespace NativeLambda.IntegrationTests.Init;

/// <summary>A server whose identity is not proven gets no password: Init fails at once and says what to check.</summary>
public sealed class RefusedTlsTests(OwnServer own, BootstrapFixture bootstrap) : IClassFixture<OwnServer>
{
    private const string Refused = "NativeLambda.DatabaseRefused";

    [Fact]
    public async Task A_certificate_of_another_CA()
    {
        using var stranger = new CertificateAuthority();
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, stranger.CertificatePem, TestContext.Current.CancellationToken);
            await own.Server.UseServerCertificateAsync(own.Server.CertificateAuthority.IssueServerCertificate());
            (await FailAsync(("PGSSLROOTCERT", file))).AssertSays("TLS", "PGSSLROOTCERT");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_certificate_for_another_host()
    {
        await own.Server.UseServerCertificateAsync(own.Server.CertificateAuthority.IssueServerCertificateFor("db.elsewhere.example"));
        (await FailAsync()).AssertSays("TLS", "PGHOST");
        // It is the name alone.
        await AssertAcceptedAsync(("PGSSLMODE", "verify-ca"));
    }

    [Fact]
    public async Task A_certificate_that_has_expired()
    {
        await own.Server.UseServerCertificateAsync(own.Server.CertificateAuthority.IssueExpiredServerCertificate());
        (await FailAsync()).AssertSays("TLS");
        (await FailAsync(("PGSSLMODE", "verify-ca"))).AssertSays("TLS");
        // It is the validity alone.
        await own.Server.UseServerCertificateAsync(own.Server.CertificateAuthority.IssueServerCertificate());
        await AssertAcceptedAsync();
    }

    [Fact]
    public async Task No_CA_that_the_system_trusts_has_vouched_for_it()
    {
        await own.Server.UseServerCertificateAsync(own.Server.CertificateAuthority.IssueServerCertificate());
        (await FailAsync(("PGSSLROOTCERT", "system"))).AssertSays("TLS");
        // OpenSSL's variable makes our CA one that the system trusts.
        await AssertAcceptedAsync(("PGSSLROOTCERT", "system"), ("SSL_CERT_FILE", own.Server.RootCertificateFile));
    }

    [Fact]
    public async Task A_client_certificate_that_does_not_exist() =>
        (await FailAsync(("PGSSLCERT", "/nonexistent/client.crt"))).AssertSays("/nonexistent/client.crt", "PGSSLCERT");

    [Fact]
    public async Task A_server_without_TLS()
    {
        await using PostgresServer plain = await PostgresServer.StartAsync(new PostgresServerOptions { Tls = PostgresTls.Off });
        InitReport report = await InitAttempt.FailAsync(
            bootstrap, plain.EnvironmentVariables, ("PGSSLMODE", "verify-full"), ("PGSSLROOTCERT", plain.RootCertificateFile));
        report.AssertFailed(Refused);
        report.AssertSays(Where(plain), "SSL", "in 1 attempt:");
    }

    private static string Where(PostgresServer server) =>
        $"(host {server.Host}, port {server.Port}, database {server.Database}, user {server.User})";

    private async Task<InitReport> FailAsync(params (string Name, string Value)[] changes)
    {
        InitReport report = await InitAttempt.FailAsync(bootstrap, own.Server.EnvironmentVariables, changes);
        report.AssertFailed(Refused);
        report.AssertSays(Where(own.Server), "in 1 attempt:");
        return report;
    }

    private async Task AssertAcceptedAsync(params (string Name, string Value)[] changes)
    {
        await using FrozenFunction function = await FrozenFunction.StartAsync(bootstrap, own.Server.EnvironmentVariables, settings: changes);
        Assert.Equal(1, (await function.GetConnectionFactsAsync()).Opens);
    }
}
