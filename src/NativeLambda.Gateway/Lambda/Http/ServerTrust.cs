using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace NativeLambda.Gateway.Lambda.Http;

/// <summary>
/// Which certificates of servers are believed: those that the system trusts, or a bundle's alone. Source:
/// <see href="https://docs.aws.amazon.com/sdkref/latest/guide/feature-gen-config.html">AWS SDKs and tools, general configuration: AWS_CA_BUNDLE</see>.
/// </summary>
internal static class ServerTrust
{
    /// <summary>The policy of a bundle; null for the system's.</summary>
    /// <param name="bundle">A file of certificates in PEM; null for none.</param>
    /// <exception cref="ArgumentException">It cannot be read, or there is none in it.</exception>
    public static X509ChainPolicy? Read(string? bundle)
    {
        if (bundle is null) return null;
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck, // as for the system's
            DisableCertificateDownloads = true,
        };
        try
        {
            policy.CustomTrustStore.ImportFromPemFile(bundle);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new ArgumentException($"The certificates of {bundle} (lambda.caBundle, AWS_CA_BUNDLE) cannot be read: {exception.Message}", exception);
        }
        return policy.CustomTrustStore.Count > 0 ? policy : throw new ArgumentException($"There is no certificate in PEM in {bundle} (lambda.caBundle, AWS_CA_BUNDLE).");
    }

    /// <summary>Why there is no TLS, and what to do.</summary>
    public static string Why(Exception exception) => exception switch
    {
        System.Security.Authentication.AuthenticationException { InnerException: null } refused =>
            $"{refused.Message} Is the endpoint right? A CA of your own stands in the file that lambda.caBundle or AWS_CA_BUNDLE names.",
        _ => exception.GetType().Name,
    };
}
