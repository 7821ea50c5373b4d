namespace NativeLambda.Database;

/// <summary>How the connection is encrypted and the server verified: libpq's <c>sslmode</c>.</summary>
/// <remarks>Source: <see href="https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-PROTECTION">PostgreSQL, SSL support</see>.</remarks>
public enum TlsMode
{
    /// <summary>No TLS.</summary>
    Disable,

    /// <summary>No TLS unless the server insists.</summary>
    Allow,

    /// <summary>TLS if the server has it, unverified.</summary>
    Prefer,

    /// <summary>TLS, unverified. With a root certificate it means <see cref="VerifyCa"/>, as in libpq.</summary>
    Require,

    /// <summary>TLS, and the certificate must come from the trusted CA.</summary>
    VerifyCa,

    /// <summary>TLS, and the certificate must come from the trusted CA and name the host.</summary>
    VerifyFull,
}
