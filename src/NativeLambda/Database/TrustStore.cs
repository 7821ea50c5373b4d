using System.ComponentModel;
using System.Net.Security;
using System.Runtime.InteropServices;
using System.Security.Cryptography.X509Certificates;
using NativeLambda.Settings;

namespace NativeLambda.Database;

/// <summary>Which CAs the server's certificate may come from: those of a file alone, or those of the system.</summary>
/// <remarks>
/// The chain engine of .NET on Linux loads every certificate of the system at the first verification, even where a chain policy
/// or Npgsql's root certificate allows none of them: most of the cold start with TLS (dotnet/runtime#106394). OpenSSL's own
/// variables are the supported way to point it elsewhere. Side effect: in this process every other TLS client trusts nobody by
/// default. Who needs the system's certificates besides sets SSL_CERT_FILE or SSL_CERT_DIR in the function's environment: a
/// variable that is set is left alone.
/// </remarks>
internal static class TrustStore
{
    /// <summary>Leaves the system's certificates unread: there is a file that names the CAs.</summary>
    public static void LeaveSystem(string rootCertificateFile)
    {
        if (OpenSslStart.TryTrustNobody())
            return;

        // A path that cannot exist: nothing below a regular file does. An empty value would mean "the default".
        Set("SSL_CERT_DIR", rootCertificateFile + "/none");
        Set("SSL_CERT_FILE", rootCertificateFile + "/none");
    }

    /// <summary>The CAs of a PEM file.</summary>
    public static X509Certificate2Collection ReadFile(string rootCertificateFile)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPemFile(rootCertificateFile);
        return certificates;
    }

    /// <summary>The CAs that the system trusts.</summary>
    /// <exception cref="SettingsException">There are none.</exception>
    public static X509Certificate2Collection ReadSystem()
    {
        using var store = new X509Store(StoreName.Root, StoreLocation.LocalMachine, OpenFlags.ReadOnly);
        return store.Certificates is { Count: > 0 } certificates
            ? certificates
            : throw new SettingsException("PGSSLROOTCERT", "The system trusts no CA: set PGSSLROOTCERT to a PEM file with the CA of the server.");
    }

    /// <summary>
    /// Leaves the verification of the chain to Npgsql, which does it with the root certificates whatever was found before. Told
    /// nothing, TLS verifies the same chain once more and, where an issuer is missing, asks for it at the address that the
    /// certificate names: over a network that it may not reach, for up to 15 seconds.
    /// </summary>
    public static void VerifyOnce(SslClientAuthenticationOptions options) => options.CertificateChainPolicy = new X509ChainPolicy
    {
        // With no root there is no chain, which takes no arithmetic; Npgsql puts the roots into this very policy.
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        RevocationMode = options.CertificateRevocationCheckMode,
        DisableCertificateDownloads = true,
    };

    private static void Set(string name, string value)
    {
        if (Environment.GetEnvironmentVariable(name) is { Length: > 0 })
            return;
        if (NativeMethods.SetEnvironmentVariable(name, value, overwrite: 1) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
    }
}
