using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NativeLambda.Packaging;
using NativeLambda.Packaging.Certificates;

namespace NativeLambda.Tests.Packaging;

public sealed class CaBundleTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_bundle_is_taken_as_it_is()
    {
        string text = $"one\n{Certificate(authority: true)}\ntwo\n{Certificate(authority: true)}\n";
        CaBundle bundle = Read("eu-west-1-bundle.pem", text);
        Assert.Equal(("eu-west-1-bundle.pem", 2), (bundle.Name, bundle.Count));
        Assert.Equal(text, System.Text.Encoding.UTF8.GetString(bundle.Content));
    }

    [Fact]
    public void A_missing_file_is_refused() => Refused(() => CaBundle.Read(Path.Combine(_directory, "none.pem")), "there is no such file");

    [Fact]
    public void A_private_key_is_refused_and_not_told()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string pem = key.ExportPkcs8PrivateKeyPem();
        PackageException refusal = Refused(() => Read("a.pem", Certificate(authority: true) + "\n" + pem), "it holds a private key");
        Assert.DoesNotContain(pem.Split('\n')[1], refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_s_certificate_is_refused() => Refused(() => Read("a.pem", Certificate(authority: false)), "certificate 1, CN=test, is no certification authority's");

    [Fact]
    public void A_file_without_certificates_is_refused() => Refused(() => Read("a.pem", "<html>Not found</html>"), "it holds no certificate in PEM form");

    [Fact]
    public void One_that_is_cut_short_is_refused() =>
        Refused(() => Read("a.pem", Certificate(authority: true) + "\n" + Certificate(authority: true)[..200]), "after 1 certificates one is cut short");

    [Fact]
    public void Something_else_in_it_is_refused() =>
        Refused(() => Read("a.pem", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"), "it holds a PUBLIC KEY beside certificates");

    [Fact]
    public void What_is_no_certificate_inside_is_refused() =>
        Refused(() => Read("a.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"), "certificate 1 cannot be read");

    [Fact]
    public void The_program_s_name_is_refused() => Refused(() => Read("bootstrap", Certificate(authority: true)), "the program has that name");

    private static PackageException Refused(Func<CaBundle> read, string message)
    {
        PackageException refusal = Assert.Throws<PackageException>(() => { read(); });
        Assert.Equal(PackageException.BadInput, refusal.ExitCode);
        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
        return refusal;
    }

    private static string Certificate(bool authority)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(authority, false, 0, critical: true));
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        return certificate.ExportCertificatePem();
    }

    private CaBundle Read(string name, string text)
    {
        string file = Path.Combine(_directory, name);
        File.WriteAllText(file, text);
        return CaBundle.Read(file);
    }
}
