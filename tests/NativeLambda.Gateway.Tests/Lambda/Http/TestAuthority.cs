using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace NativeLambda.Gateway.Tests.Lambda.Http;

/// <summary>A CA that nobody else knows, and the certificates that it issues.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _certificate;

    public TestAuthority(string name = "Test CA")
    {
        var request = new CertificateRequest($"CN={name}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        _certificate = request.CreateSelfSigned(Now.AddYears(-1), Now.AddYears(1));
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary>A certificate for a host, with its key.</summary>
    /// <param name="host">The host.</param>
    /// <param name="end">When it ends, from now on; a day unless it is said.</param>
    public X509Certificate2 Issue(string host, TimeSpan? end = null)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 issued = request.Create(_certificate, Now.AddDays(-30), Now + (end ?? TimeSpan.FromDays(1)), RandomNumberGenerator.GetBytes(8));
        return issued.CopyWithPrivateKey(key);
    }

    /// <summary>Its own certificate, as a bundle.</summary>
    public string Write(TemporaryFolder folder)
    {
        File.WriteAllText(folder.At(_certificate.Thumbprint), _certificate.ExportCertificatePem());
        return folder.At(_certificate.Thumbprint);
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
    }
}
