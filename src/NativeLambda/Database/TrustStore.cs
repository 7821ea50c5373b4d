using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Security.Cryptography.X509Certificates;

namespace NativeLambda.Database;

/// <summary>Keeps .NET from reading the trust store of the system when a CA is pinned, and reads it when none is.</summary>
/// <remarks>
/// The chain engine of .NET on Linux loads every certificate of the system at the first verification, even where a chain policy
/// or Npgsql's root certificate allows none of them: most of the cold start with TLS (dotnet/runtime#106394). OpenSSL's own
/// variables are the supported way to point it elsewhere. Side effect: in this process every other TLS client trusts only the
/// pinned CA as well. Who needs the system's certificates besides sets SSL_CERT_FILE or SSL_CERT_DIR in the function's
/// environment: a variable that is set is left alone.
/// </remarks>
internal static class TrustStore
{
    public static void RestrictTo(string rootCertificateFile)
    {
        // A directory that cannot exist: nothing below a regular file does. An empty value would mean "the default".
        Set("SSL_CERT_DIR", rootCertificateFile + "/none");
        Set("SSL_CERT_FILE", rootCertificateFile);
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

    private static void Set(string name, string value)
    {
        if (Environment.GetEnvironmentVariable(name) is { Length: > 0 })
            return;
        if (NativeMethods.SetEnvironmentVariable(name, value, overwrite: 1) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
    }
}
