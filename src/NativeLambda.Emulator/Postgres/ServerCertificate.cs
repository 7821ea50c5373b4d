namespace NativeLambda.Emulator.Postgres;

/// <summary>A certificate with its private key, as the server's files hold them.</summary>
/// <param name="CertificatePem">The certificate in PEM.</param>
/// <param name="PrivateKeyPem">The unencrypted PKCS #8 private key in PEM: of a throwaway CA only.</param>
public sealed record ServerCertificate(string CertificatePem, string PrivateKeyPem)
{
    /// <summary>Names the certificate, never the key.</summary>
    public override string ToString() => CertificatePem;
}
