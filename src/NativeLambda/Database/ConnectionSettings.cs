using NativeLambda.Database.Credentials;

namespace NativeLambda.Database;

/// <summary>Where the database is and how to log in. Read from <c>DATABASE_URL</c> or libpq's <c>PG*</c> variables.</summary>
/// <remarks>Source: <see href="https://www.postgresql.org/docs/current/libpq-envars.html">PostgreSQL, libpq environment variables</see>.</remarks>
public sealed record ConnectionSettings
{
    /// <summary>Host name, IP address, or directory of the server's Unix socket.</summary>
    public required string Host { get; init; }

    /// <summary>TCP port, or the number in the name of the Unix socket. Default 5432.</summary>
    public int Port { get; init; } = 5432;

    /// <summary>Addresses that are tried after the first, in order: other servers of the same cluster. Default none.</summary>
    public IReadOnlyList<DatabaseHost> OtherHosts { get; init; } = [];

    /// <summary>The kind of server that is wanted. Default <see cref="TargetSession.ReadWrite"/> with several hosts, otherwise any.</summary>
    public TargetSession TargetSession { get; init; }

    /// <summary>Database name.</summary>
    public required string Database { get; init; }

    /// <summary>Role to log in as; empty where a secret is to name it.</summary>
    public required string User { get; init; }

    /// <summary>Password, or <see langword="null"/> where it comes from elsewhere or the server asks for none.</summary>
    public string? Password { get; init; }

    /// <summary>Where the password comes from. Default <see cref="AuthenticationMode.Password"/>.</summary>
    public AuthenticationMode Authentication { get; init; }

    /// <summary>
    /// The password file, <c>PGPASSFILE</c> or <c>~/.pgpass</c>: looked at when the server asks for a password and there is no other.
    /// </summary>
    public string? PasswordFile { get; init; }

    /// <summary>The AWS Region that IAM tokens are made for; needed with <see cref="AuthenticationMode.Iam"/>.</summary>
    public string? Region { get; init; }

    /// <summary>Name or ARN of the secret; needed with <see cref="AuthenticationMode.Secret"/>.</summary>
    public string? SecretId { get; init; }

    /// <summary>The port on loopback of the AWS Parameters and Secrets Lambda Extension. Default 2773.</summary>
    public int SecretsExtensionPort { get; init; } = 2773;

    /// <summary>How the connection is encrypted and verified.</summary>
    public required TlsMode TlsMode { get; init; }

    /// <summary>
    /// Whether TLS begins with the first byte instead of after a question and its answer, one round trip less: PostgreSQL 17 and
    /// later, libpq's <c>sslnegotiation=direct</c>. Default <see langword="false"/>.
    /// </summary>
    public bool DirectTls { get; init; }

    /// <summary>PEM file with the only CA certificates to trust, or <see langword="null"/> for those of the system.</summary>
    public string? RootCertificateFile { get; init; }

    /// <summary>What <c>pg_stat_activity</c> calls this client.</summary>
    public string ApplicationName { get; init; } = "nativelambda";

    /// <summary>Everything but the password.</summary>
    public override string ToString() =>
        $"host {Host}, port {Port}{(OtherHosts.Count == 0 ? "" : $" or {string.Join(", ", OtherHosts)}")}, database {Database}, user {(User.Length > 0 ? User : $"of the secret {SecretId}")}";

    /// <summary>Whether a server that takes no writes is the wrong one.</summary>
    internal bool IsWriterWanted => TargetSession is TargetSession.Any or TargetSession.ReadWrite or TargetSession.Primary;

    /// <summary>Whether hosts are tried one after the other and looked at before they are used.</summary>
    internal bool ChoosesHost => OtherHosts.Count > 0 || TargetSession != TargetSession.Any;
}
