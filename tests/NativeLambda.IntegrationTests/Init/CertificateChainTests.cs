using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NativeLambda.Emulator.Postgres;
using NativeLambda.IntegrationTests.Fixtures;
using NativeLambda.IntegrationTests.Faults;

namespace NativeLambda.IntegrationTests.Init;

/// <summary>A server whose certificate comes from the pinned CA by way of another, or is for something else.</summary>
public sealed class CertificateChainTests : IClassFixture<OwnServer>, IDisposable
{
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";

    private readonly OwnServer _own;
    private readonly BootstrapFixture _bootstrap;
    private readonly string _rootFile = Path.GetTempFileName();
    private readonly X509Certificate2 _root;
    private readonly X509Certificate2 _intermediate;

    public CertificateChainTests(OwnServer own, BootstrapFixture bootstrap)
    {
        (_own, _bootstrap) = (own, bootstrap);
        _root = Issue("Root", issuer: null, isAuthority: true);
        _intermediate = Issue("Intermediate", _root, isAuthority: true);
        File.WriteAllText(_rootFile, _root.ExportCertificatePem());
    }

    public void Dispose()
    {
        _root.Dispose();
        _intermediate.Dispose();
        File.Delete(_rootFile);
    }

    [Fact]
    public async Task One_whose_issuer_is_pinned_with_the_root_is_accepted()
    {
        await File.AppendAllTextAsync(_rootFile, "\n" + _intermediate.ExportCertificatePem(), TestContext.Current.CancellationToken);
        using X509Certificate2 leaf = Issue("localhost", _intermediate);
        await UseAsync(leaf);
        await using FrozenFunction function = await FrozenFunction.StartAsync(
            _bootstrap, _own.Server.EnvironmentVariables, settings: [("PGSSLROOTCERT", _rootFile)]);
        Assert.Equal(1, (await function.GetConnectionFactsAsync()).Opens);
    }

    [Fact]
    public async Task One_that_does_not_send_its_issuer_is_refused_and_it_is_not_fetched_from_the_address_in_its_certificate()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using X509Certificate2 leaf = Issue("localhost", _intermediate, address: $"http://{listener.LocalEndPoint}/intermediate.cer");
        await UseAsync(leaf);
        listener.Listen(); // not before: who looks whether the server has it fetches, too
        (await FailAsync()).AssertSays("TLS", "PGSSLROOTCERT");
        Assert.False(listener.Poll(0, SelectMode.SelectRead));
    }

    [Fact]
    public async Task A_certificate_that_is_for_clients_alone_is_refused()
    {
        using X509Certificate2 leaf = Issue("localhost", _root, use: ClientUse);
        await UseAsync(leaf);
        (await FailAsync()).AssertSays("TLS");
    }

    private async Task<InitReport> FailAsync()
    {
        InitReport report = await InitAttempt.FailAsync(_bootstrap, _own.Server.EnvironmentVariables, ("PGSSLROOTCERT", _rootFile));
        report.AssertFailed("NativeLambda.DatabaseRefused");
        report.AssertSays("in 1 attempt:");
        return report;
    }

    private Task UseAsync(X509Certificate2 leaf) => _own.Server.UseServerCertificateAsync(
        new ServerCertificate(leaf.ExportCertificatePem(), leaf.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()));

    private static X509Certificate2 Issue(
        string name, X509Certificate2? issuer, bool isAuthority = false, string use = ServerUse, string? address = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, critical: true));
        if (isAuthority)
            request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        else
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], critical: false));
        if (address is not null)
            request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension(ocspUris: null, caIssuersUris: [address]));
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        if (issuer is null)
            return request.CreateSelfSigned(now.AddDays(-2), now.AddDays(2));
        using X509Certificate2 certificate = request.Create(issuer, now.AddDays(-1), now.AddDays(1), RandomNumberGenerator.GetBytes(16));
        return certificate.CopyWithPrivateKey(key);
    }
}
