using System.Security.Cryptography.X509Certificates;
using System.Text;
using NativeLambda.Gateway.Lambda;
using NativeLambda.Gateway.Lambda.Http;
using NativeLambda.Gateway.Lambda.Http1;
using static NativeLambda.Gateway.Tests.Lambda.Http.ClientBench;

namespace NativeLambda.Gateway.Tests.Lambda.Http;

/// <summary>Whose certificates are believed, over our own connections and over .NET's client.</summary>
public sealed class LambdaTlsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestAuthority _authority = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    private static ScriptedServer Server(X509Certificate2 certificate) => new(async (_, stream, cancellation) =>
    {
        await stream.WriteAsync(Encoding.Latin1.GetBytes(ScriptedServer.Response(200, "1")), cancellation);
        return true;
    }, certificate);

    private LambdaClient Connect(ScriptedServer server, bool general, string? bundle) =>
        ClientBench.Connect(server, Plain with { GeneralClient = general, CaBundle = bundle });

    private async Task RefusedAsync(X509Certificate2 certificate, bool general, string? bundle, string why)
    {
        using (certificate)
        {
            await using ScriptedServer server = Server(certificate);
            using LambdaClient client = Connect(server, general, bundle);
            LambdaUnreachableException unreachable = await Assert.ThrowsAsync<LambdaUnreachableException>(() => client.InvokeAsync(Call(), Cancellation));
            Assert.False(unreachable.MayHaveRun);
            Assert.StartsWith($"No TLS with localhost:{server.Address.Port}: ", unreachable.Message, StringComparison.Ordinal);
            Assert.Contains(why, unreachable.Message, StringComparison.Ordinal);
            Assert.Contains("AWS_CA_BUNDLE", unreachable.Message, StringComparison.Ordinal);
            Assert.Empty(server.Requests);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_CA_that_the_bundle_names_is_trusted(bool general)
    {
        using X509Certificate2 certificate = _authority.Issue("localhost");
        await using ScriptedServer server = Server(certificate);
        using LambdaClient client = Connect(server, general, _authority.Write(_folder));
        for (int call = 0; call < 3; call++) Assert.Equal("1", Encoding.UTF8.GetString((await client.InvokeAsync(Call(), Cancellation)).Payload.Span));
        Assert.Equal(1, server.Connections);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task A_CA_that_nobody_knows_is_not(bool general) => RefusedAsync(_authority.Issue("localhost"), general, null, "chain");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_bundle_s_alone_are_trusted(bool general)
    {
        using var other = new TestAuthority("Another CA");
        await RefusedAsync(_authority.Issue("localhost"), general, other.Write(_folder), "chain");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task A_certificate_for_another_host_is_refused(bool general) =>
        RefusedAsync(_authority.Issue("lambda.example.com"), general, _authority.Write(_folder), "RemoteCertificateNameMismatch");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task A_certificate_that_has_ended_is_refused(bool general) =>
        RefusedAsync(_authority.Issue("localhost", TimeSpan.FromDays(-1)), general, _authority.Write(_folder), "NotTimeValid");

    [Fact]
    public async Task A_bundle_is_named_by_the_environment_where_the_configuration_does_not()
    {
        using X509Certificate2 certificate = _authority.Issue("localhost");
        await using ScriptedServer server = Server(certificate);
        string bundle = _authority.Write(_folder);
        using LambdaClient client = LambdaClient.Create(
            Plain with { Endpoint = server.Address, Region = "eu-central-1" }, name => name == "AWS_CA_BUNDLE" ? bundle : null,
            Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance, TimeProvider.System);
        Assert.Equal("1", Encoding.UTF8.GetString((await client.InvokeAsync(Call(), Cancellation)).Payload.Span));
    }

    [Theory]
    [InlineData(null, "cannot be read")]
    [InlineData("no certificate", "There is no certificate in PEM in")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "cannot be read")]
    public void A_bundle_that_is_none_is_told_at_the_start(string? content, string message)
    {
        string file = _folder.At("bundle");
        if (content is not null) File.WriteAllText(file, content);
        ArgumentException wrong = Assert.Throws<ArgumentException>(() => ServerTrust.Read(file));
        Assert.Contains(message, wrong.Message, StringComparison.Ordinal);
        Assert.Contains(file, wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_servers_show_is_not_kept_in_the_bundle_s_policy()
    {
        using X509Certificate2 certificate = _authority.Issue("localhost");
        await using ScriptedServer server = Server(certificate);
        X509ChainPolicy policy = ServerTrust.Read(_authority.Write(_folder))!;
        var connector = new Connector(LambdaEndpoint.Of(server.Address, "eu-central-1"), TimeSpan.FromMinutes(1), policy, TimeProvider.System);
        for (int connection = 0; connection < 3; connection++) (await connector.ConnectAsync(Cancellation)).Dispose();
        using var client = new HttpMessageInvoker(new SocketsHttpHandler { SslOptions = new() { CertificateChainPolicy = policy }, PooledConnectionLifetime = TimeSpan.Zero });
        for (int connection = 0; connection < 3; connection++) (await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, server.Address), Cancellation)).Dispose();
        Assert.Empty(policy.ExtraStore);
    }
}
