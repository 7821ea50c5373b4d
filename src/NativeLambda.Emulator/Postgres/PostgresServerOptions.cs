namespace NativeLambda.Emulator.Postgres;

/// <summary>What kind of throwaway server to make. The defaults suit a demonstration: TLS, SCRAM, a free port.</summary>
public sealed record PostgresServerOptions
{
    /// <summary>Directory of <c>postgres</c> and <c>initdb</c>; null looks for it as <see cref="PostgresBinaries.Find"/> says.</summary>
    public string? BinaryDirectory { get; init; }

    /// <summary>What clients are told to connect to: <c>127.0.0.1</c> (the default) or <c>localhost</c>. The certificate names both.</summary>
    /// <remarks>The server listens on 127.0.0.1 only, so a client of <c>localhost</c> may first be refused on ::1.</remarks>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>TCP port, or 0 (the default) for a free one.</summary>
    public int Port { get; init; }

    /// <summary>Name of the superuser, for the control of tests. Its password is random.</summary>
    public string AdminUser { get; init; } = "postgres";

    /// <summary>Name of the application's role, which is no superuser and owns <see cref="Database"/>. Its password is random.</summary>
    public string User { get; init; } = "products_app";

    /// <summary>Name of the application's database.</summary>
    public string Database { get; init; } = "products";

    /// <summary>Whether TCP clients must use TLS. Default: they must.</summary>
    public PostgresTls Tls { get; init; } = PostgresTls.Required;

    /// <summary>The CA that issues the server certificate and is written to the root certificate file; null makes a new one.</summary>
    public CertificateAuthority? CertificateAuthority { get; init; }

    /// <summary>The server certificate to begin with, whoever issued it; null issues a good one for localhost and 127.0.0.1.</summary>
    public ServerCertificate? ServerCertificate { get; init; }

    /// <summary>Values for postgresql.conf, such as <c>max_connections</c>. Not those that this class sets itself (port, files, TLS).</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>How long initdb and the start may take together. Default 60 s: a machine may be busy.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);
}
