using System.Security.Cryptography.X509Certificates;
using NativeLambda.Database;
using NativeLambda.IntegrationTests.Fixtures;
using NativeLambda.Telemetry;
using Npgsql;

namespace NativeLambda.IntegrationTests.Database;

/// <summary>What a function asks of TLS in its own configuration of the data source.</summary>
public sealed class TlsConfigurationTests(PostgresFixture postgres)
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Its_callback_is_asked_last_and_finds_the_chain_left_to_the_driver()
    {
        X509ChainPolicy? found = null;
        await OpenAsync(source => source.UseSslClientAuthenticationOptionsCallback(options => found = options.CertificateChainPolicy));
        Assert.Equal(X509ChainTrustMode.CustomRootTrust, found?.TrustMode);
        Assert.True(found?.DisableCertificateDownloads);
    }

    [Fact]
    public async Task Its_client_certificates_are_asked_for()
    {
        bool asked = false;
#pragma warning disable CS0618 // What the driver still takes, it must still do.
        await OpenAsync(source => source.UseClientCertificatesCallback(_ => asked = true));
#pragma warning restore CS0618
        Assert.True(asked);
    }

    [Fact]
    public async Task It_cannot_take_the_verification_away()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => OpenAsync(
            source => source.UseSslClientAuthenticationOptionsCallback(
                options => options.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null)));
    }

    private async Task OpenAsync(Action<NpgsqlSlimDataSourceBuilder> configure)
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        DatabaseSettings settings = DatabaseSettings.FromVariables(database.EnvironmentVariables().GetValueOrDefault);
        Assert.Equal(TlsMode.VerifyFull, settings.Connection.TlsMode);
        var log = new LambdaLog(Stream.Null, TimeProvider.System, json: false, LogLevel.Debug);
        await using var factory = new NpgsqlSessionFactory(settings, new StartupGuards(settings.Server, log), configure);
        await (await factory.OpenAsync(Cancellation)).CloseAsync();
    }
}
