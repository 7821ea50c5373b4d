using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace NativeLambda.Emulator.Postgres;

/// <summary>A throwaway certificate authority (ECDSA P-256) whose key never leaves this process.</summary>
public sealed class CertificateAuthority : IDisposable
{
    private static readonly string[] LoopbackNames = ["localhost"];
    private static readonly IPAddress[] LoopbackAddresses = [IPAddress.Loopback, IPAddress.IPv6Loopback];

    private readonly X509Certificate2 _certificate;
    private readonly TimeProvider _time;

    /// <summary>Makes a new key and a self-signed certificate that was valid a month ago and will be for a month.</summary>
    /// <param name="name">Common name; two authorities of one name still differ by their keys.</param>
    /// <param name="time">The clock of the validity periods; the system's by default.</param>
    public CertificateAuthority(string name = "NativeLambda throwaway CA", TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, critical: true));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        // The past month leaves room for server certificates that have expired under an authority that has not.
        _certificate = request.CreateSelfSigned(_time.GetUtcNow().AddDays(-30), _time.GetUtcNow().AddDays(30));
    }

    /// <summary>The authority's certificate in PEM: what a client pins.</summary>
    public string CertificatePem => _certificate.ExportCertificatePem();

    /// <summary>Issues a good certificate for localhost, 127.0.0.1 and ::1.</summary>
    public ServerCertificate IssueServerCertificate() =>
        Issue(LoopbackNames, LoopbackAddresses, _time.GetUtcNow().AddDays(-1), _time.GetUtcNow().AddDays(29));

    /// <summary>Issues a certificate that is good but for its validity, which ended yesterday.</summary>
    public ServerCertificate IssueExpiredServerCertificate() =>
        Issue(LoopbackNames, LoopbackAddresses, _time.GetUtcNow().AddDays(-20), _time.GetUtcNow().AddDays(-1));

    /// <summary>Issues a valid certificate for the given names and no others, hence for a wrong host.</summary>
    public ServerCertificate IssueServerCertificateFor(params string[] dnsNames) =>
        Issue(dnsNames, [], _time.GetUtcNow().AddDays(-1), _time.GetUtcNow().AddDays(29));

    /// <inheritdoc/>
    public void Dispose() => _certificate.Dispose();

    private ServerCertificate Issue(
        string[] dnsNames, IPAddress[] addresses, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={dnsNames[0]}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(
            new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1", "serverAuth")], critical: false));
        request.CertificateExtensions.Add(
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var names = new SubjectAlternativeNameBuilder();
        foreach (string name in dnsNames)
            names.AddDnsName(name);
        foreach (IPAddress address in addresses)
            names.AddIpAddress(address);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = request.Create(_certificate, notBefore, notAfter, RandomNumberGenerator.GetBytes(16));
        return new ServerCertificate(certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }
}
