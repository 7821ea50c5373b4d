using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using NativeLambda.Gateway.Configuration;
using NativeLambda.Gateway.Operation.Tls;

namespace NativeLambda.Gateway.Tests.Operation;

/// <summary>Certificates, shown to clients that look at them.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory().FullName;
    private readonly RecordingLogger _logger = new();

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private string At(string name) => Path.Combine(_directory, name);

    private TlsOptions Write(TestCertificate certificate)
    {
        File.WriteAllText(At("new-tls.crt"), certificate.Certificate.ExportCertificatePem());
        File.WriteAllText(At("new-tls.key"), certificate.KeyPem);
        File.Move(At("new-tls.key"), At("tls.key"), overwrite: true);
        File.Move(At("new-tls.crt"), At("tls.crt"), overwrite: true);
        return new TlsOptions(At("tls.crt"), At("tls.key"));
    }

    private Task<PipelineHost> StartAsync(TlsOptions tls, TimeProvider? time = null) => PipelineHost.StartAsync(
        new GatewayConfiguration { Operation = PipelineHost.Quiet, Listeners = [new ListenerOptions { EndPoint = new(IPAddress.Loopback, 0), Tls = tls }] },
        logger: _logger,
        time: time);

    private static async Task<SslStream> ConnectAsync(PipelineHost host, SslProtocols protocols = SslProtocols.None, params SslApplicationProtocol[] alpn)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, host.Client.BaseAddress!.Port);
        var stream = new SslStream(client.GetStream(), leaveInnerStreamOpen: false);
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            EnabledSslProtocols = protocols,
            ApplicationProtocols = [.. alpn],
            RemoteCertificateValidationCallback = AnyCertificate,
        });
        return stream;
    }

    // Nobody vouches for it: the tests look at which it is.
    private static bool AnyCertificate(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) => certificate is not null;

    private static async Task<string> NameAsync(PipelineHost host)
    {
        await using SslStream stream = await ConnectAsync(host);
        return stream.RemoteCertificate!.Subject;
    }

    private static async Task<string> AskAsync(SslStream stream)
    {
        await stream.WriteAsync("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
        byte[] buffer = new byte[4096];
        var answer = new StringBuilder();
        while (!answer.ToString().EndsWith("0\r\n\r\n", StringComparison.Ordinal))
            answer.Append(Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer) is var read and > 0 ? read : throw new IOException($"closed after {answer}")));
        return answer.ToString();
    }

    [Fact]
    public async Task A_certificate_is_replaced_while_connections_stand()
    {
        using TestCertificate first = new("first"), second = new("second");
        await using PipelineHost host = await StartAsync(Write(first));
        await using SslStream standing = await ConnectAsync(host);
        Assert.Contains("hello", await AskAsync(standing), StringComparison.Ordinal);
        Write(second);
        await Eventually.IsTrueAsync(() => _logger.Has("was read again"));
        Assert.Equal("CN=second", await NameAsync(host));
        Assert.Contains("hello", await AskAsync(standing), StringComparison.Ordinal);
        Assert.Equal("CN=first", standing.RemoteCertificate!.Subject);
    }

    [Fact]
    public async Task Files_that_are_no_good_leave_the_old_one_and_are_told_of_once()
    {
        using TestCertificate first = new("first"), second = new("second"), third = new("third");
        await using PipelineHost host = await StartAsync(Write(first));
        await File.WriteAllTextAsync(At("tls.crt"), second.Certificate.ExportCertificatePem()); // the key is still the first one's
        await Eventually.IsTrueAsync(() => _logger.Has("Error: The certificate was not replaced"));
        Assert.Equal("CN=first", await NameAsync(host));
        host.Operation.Reopen();
        host.Operation.Reopen();
        Assert.Single(_logger.Lines, static line => line.Contains("was not replaced", StringComparison.Ordinal));
        Write(third);
        await Eventually.IsTrueAsync(() => _logger.Has("was read again"));
        Assert.Equal("CN=third", await NameAsync(host));
        Assert.DoesNotContain(_logger.Lines, line => line.Contains("PRIVATE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_that_vanished_leaves_the_old_one()
    {
        using TestCertificate first = new("first");
        await using PipelineHost host = await StartAsync(Write(first));
        File.Delete(At("tls.key"));
        host.Operation.Reopen();
        host.Operation.Reopen();
        Assert.Single(_logger.Lines, static line => line.Contains("cannot be read", StringComparison.Ordinal));
        Assert.Equal("CN=first", await NameAsync(host));
    }

    [Fact]
    public async Task HTTP_2_is_agreed_on_by_ALPN_and_TLS_is_1_2_or_later()
    {
        using TestCertificate certificate = new("any");
        await using PipelineHost host = await StartAsync(Write(certificate));
        await using (SslStream both = await ConnectAsync(host, SslProtocols.None, SslApplicationProtocol.Http2, SslApplicationProtocol.Http11))
            Assert.Equal((SslApplicationProtocol.Http2, SslProtocols.Tls13), (both.NegotiatedApplicationProtocol, both.SslProtocol));
        await using (SslStream old = await ConnectAsync(host, SslProtocols.Tls12, SslApplicationProtocol.Http11))
            Assert.Equal((SslApplicationProtocol.Http11, SslProtocols.Tls12), (old.NegotiatedApplicationProtocol, old.SslProtocol));
#pragma warning disable SYSLIB0039, CA5397 // that it is refused is the point
        await Assert.ThrowsAnyAsync<Exception>(() => ConnectAsync(host, SslProtocols.Tls11));
#pragma warning restore SYSLIB0039, CA5397
        using var handler = new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = AnyCertificate } };
        using var client = new HttpClient(handler) { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using HttpResponseMessage response = await client.GetAsync(new Uri($"https://localhost:{host.Client.BaseAddress!.Port}/"));
        Assert.Equal((HttpVersion.Version20, "hello"), (response.Version, await response.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task A_key_may_have_a_password_and_all_may_be_in_one_file()
    {
        using TestCertificate certificate = new("locked");
        await File.WriteAllTextAsync(At("password"), "s3cret\n");
        await File.WriteAllTextAsync(At("both.pem"), certificate.Certificate.ExportCertificatePem() + "\n" + certificate.EncryptedKeyPem("s3cret"));
        await File.WriteAllBytesAsync(At("all.pfx"), certificate.Certificate.Export(X509ContentType.Pkcs12, "s3cret"));
        foreach (string file in new[] { "both.pem", "all.pfx" })
        {
            await using PipelineHost host = await StartAsync(new TlsOptions(At(file), PasswordFile: At("password")));
            Assert.Equal("CN=locked", await NameAsync(host));
        }
        await File.WriteAllTextAsync(At("password"), "wr0ng\n");
        foreach (string file in new[] { "both.pem", "all.pfx" })
        {
            var exception = await Assert.ThrowsAsync<CertificateException>(() => StartAsync(new TlsOptions(At(file), PasswordFile: At("password"))));
            Assert.Contains(At(file), exception.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("wr0ng", exception.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Intermediates_are_sent()
    {
        using TestCertificate leaf = new("leaf"), other = new("other");
        TlsOptions options = Write(leaf);
        await File.AppendAllTextAsync(options.Certificate, "\n" + other.Certificate.ExportCertificatePem());
        SslStreamCertificateContext context = CertificateFiles.Load(options);
        Assert.Equal("CN=leaf", context.TargetCertificate.Subject);
        Assert.True(context.TargetCertificate.HasPrivateKey);
        await using PipelineHost host = await StartAsync(options);
        Assert.Equal("CN=leaf", await NameAsync(host));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-----BEGIN CERTIFICATE-----\nbm9uc2Vuc2U=\n-----END CERTIFICATE-----")]
    public async Task What_is_no_certificate_is_refused_at_the_start(string content)
    {
        using TestCertificate certificate = new("any");
        TlsOptions options = Write(certificate);
        await File.WriteAllTextAsync(options.Certificate, content);
        var exception = await Assert.ThrowsAsync<CertificateException>(() => StartAsync(options));
        Assert.Contains(options.Certificate, exception.Message, StringComparison.Ordinal);
        exception = await Assert.ThrowsAsync<CertificateException>(() => StartAsync(options with { Certificate = At("nothing.crt") }));
        Assert.Contains("nothing.crt cannot be read", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_ends_soon_is_warned_of_once()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var certificate = new TestCertificate("short", clock.GetUtcNow().AddDays(20));
        await using PipelineHost host = await StartAsync(Write(certificate), clock);
        host.Operation.Reopen();
        Assert.False(_logger.Has("Warning: The certificate"));
        clock.Advance(TimeSpan.FromDays(7));
        host.Operation.Reopen();
        host.Operation.Reopen();
        Assert.Single(_logger.Lines, static line => line.StartsWith("Warning: The certificate", StringComparison.Ordinal) && line.Contains("in 13.0 days", StringComparison.Ordinal));
    }
}
