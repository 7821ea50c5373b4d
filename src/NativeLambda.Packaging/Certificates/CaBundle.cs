using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace NativeLambda.Packaging.Certificates;

/// <summary>A PEM file of certification authorities that goes into the package.</summary>
/// <param name="Name">Its name in the package, beside <c>bootstrap</c>.</param>
/// <param name="Content">The file as it is.</param>
/// <param name="Count">How many certificates it holds.</param>
internal sealed record CaBundle(string Name, byte[] Content, int Count)
{
    /// <summary>From so many on, reading them is felt in a cold start: docs/deploying.md.</summary>
    public const int Many = 30;

    /// <summary>Reads a bundle, and refuses what would be useless or dangerous in a package.</summary>
    /// <exception cref="PackageException">It is no bundle.</exception>
    public static CaBundle Read(string path)
    {
        if (!File.Exists(path)) throw Wrong(path, "there is no such file");
        string name = Path.GetFileName(path);
        if (name == "bootstrap") throw Wrong(path, "the program has that name in the package");
        byte[] content = File.ReadAllBytes(path);
        string text = System.Text.Encoding.Latin1.GetString(content);
        int count = 0;
        ReadOnlySpan<char> rest = text;
        while (PemEncoding.TryFind(rest, out PemFields fields))
        {
            string label = rest[fields.Label].ToString();
            if (label.Contains("PRIVATE KEY", StringComparison.Ordinal)) throw Wrong(path, "it holds a private key, which must not be deployed");
            if (label != "CERTIFICATE") throw Wrong(path, $"it holds a {label} beside certificates");
            RequireAuthority(path, ++count, rest[fields.Location]);
            rest = rest[fields.Location.End..];
        }
        if (count == 0) throw Wrong(path, "it holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)");
        if (rest.Contains("-----BEGIN", StringComparison.Ordinal)) throw Wrong(path, $"after {count} certificates one is cut short");
        return new CaBundle(name, content, count);
    }

    private static void RequireAuthority(string path, int number, ReadOnlySpan<char> pem)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(pem);
            // A certificate of the first version has no extensions: RDS has none of those, and OpenSSL would not take it as an authority.
            if (certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(static constraints => constraints.CertificateAuthority)) return;
            throw Wrong(path, $"certificate {number}, {certificate.Subject}, is no certification authority's");
        }
        catch (CryptographicException)
        {
            throw Wrong(path, $"certificate {number} cannot be read");
        }
    }

    private static PackageException Wrong(string path, string what) => PackageException.ForInput($"--ca-bundle {path}: {what}");
}
