namespace NativeLambda.Gateway.Operation.Tls;

/// <summary>The certificate that a listener shows, read again when its files change.</summary>
/// <param name="Certificate">A PEM file with the certificate and then its intermediates, or a PFX file (<c>.pfx</c>, <c>.p12</c>).</param>
/// <param name="Key">The PEM file of the private key; null when <paramref name="Certificate"/> holds it.</param>
/// <param name="PasswordFile">The file that holds the password of the key; null when it has none.</param>
internal sealed record TlsOptions(string Certificate, string? Key = null, string? PasswordFile = null)
{
    /// <summary>How often the files are looked at; a change that the system tells of is noticed at once.</summary>
    public TimeSpan CheckEvery { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long before its end a certificate is warned of.</summary>
    public TimeSpan WarnBefore { get; init; } = TimeSpan.FromDays(14);
}
