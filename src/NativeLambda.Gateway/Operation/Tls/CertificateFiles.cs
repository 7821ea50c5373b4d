using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace NativeLambda.Gateway.Operation.Tls;

/// <summary>Reads a certificate, its key and its intermediates from files.</summary>
internal static class CertificateFiles
{
    /// <summary>What the files hold, in short: it changes when one of them does.</summary>
    /// <exception cref="CertificateException">A file cannot be read.</exception>
    public static byte[] Fingerprint(TlsOptions options)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string? file in (ReadOnlySpan<string?>)[options.Certificate, options.Key, options.PasswordFile])
            if (file is not null) hash.AppendData(SHA256.HashData(Read(file, File.ReadAllBytes)));
        return hash.GetHashAndReset();
    }

    /// <summary>Reads them.</summary>
    /// <exception cref="CertificateException">They hold no certificate with its key.</exception>
    public static SslStreamCertificateContext Load(TlsOptions options)
    {
        string? password = options.PasswordFile is null ? null : Read(options.PasswordFile, File.ReadAllText).TrimEnd('\r', '\n');
        try
        {
            (X509Certificate2 leaf, X509Certificate2Collection others) =
                Path.GetExtension(options.Certificate).ToLowerInvariant() is ".pfx" or ".p12" ? LoadPfx(options.Certificate, password) : LoadPem(options, password);
            // Offline: nothing is downloaded to complete a chain, and nothing waits for that.
            return SslStreamCertificateContext.Create(leaf, others, offline: true);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException) // the latter when the key is another one's
        {
            // The framework's messages name neither files nor, happily, what is in them.
            throw new CertificateException($"{options.Certificate} and its key{(options.Key is null ? "" : $" {options.Key}")} cannot be used: {exception.Message}", exception);
        }
    }

    private static (X509Certificate2 Leaf, X509Certificate2Collection Others) LoadPem(TlsOptions options, string? password)
    {
        string certificates = Read(options.Certificate, File.ReadAllText), key = Read(options.Key ?? options.Certificate, File.ReadAllText);
        X509Certificate2 leaf = password is null
            ? X509Certificate2.CreateFromPem(certificates, key)
            : X509Certificate2.CreateFromEncryptedPem(certificates, key, password);
        var others = new X509Certificate2Collection();
        others.ImportFromPem(certificates);
        others.RemoveAt(0); // the first is the leaf
        return (leaf, others);
    }

    private static (X509Certificate2 Leaf, X509Certificate2Collection Others) LoadPfx(string file, string? password)
    {
        X509Certificate2Collection all = X509CertificateLoader.LoadPkcs12Collection(Read(file, File.ReadAllBytes), password);
        X509Certificate2 leaf = all.FirstOrDefault(static certificate => certificate.HasPrivateKey)
            ?? throw new CertificateException($"{file} holds no certificate with its private key");
        all.Remove(leaf);
        return (leaf, all);
    }

    private static T Read<T>(string file, Func<string, T> read)
    {
        try
        {
            return read(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CertificateException($"{file} cannot be read: {exception.Message}", exception);
        }
    }
}
