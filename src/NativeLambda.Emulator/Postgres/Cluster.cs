using System.Globalization;
using System.Security.Cryptography;
using Npgsql;

namespace NativeLambda.Emulator.Postgres;

/// <summary>The files of a throwaway cluster: made by initdb or copied from a running server, configured, certified.</summary>
internal sealed class Cluster(PostgresServerOptions options, PostgresBinaries binaries, ServerUser user, string adminPassword) : IDisposable
{

    public PostgresBinaries Binaries => binaries;

    public ServerUser User => user;

    public ClusterDirectory Directory { get; } = ClusterDirectory.Create(user);

    public CertificateAuthority CertificateAuthority { get; } = options.CertificateAuthority ?? new CertificateAuthority();

    public string RootCertificateFile => Path.Combine(Directory.Tls, "root.crt");

    /// <summary>What the server says of itself.</summary>
    public string Version { get; private set; } = "";

    public static string NewPassword() =>
        RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 32);

    /// <summary>Connection string over the Unix socket, which no fault of TCP or TLS reaches.</summary>
    public string ThroughSocket(int port, string database, string role, string password) => new NpgsqlConnectionStringBuilder
    {
        Host = Directory.Socket,
        Port = port,
        Database = database,
        Username = role,
        Password = password,
        ApplicationName = ServerControl.ApplicationName,
        Pooling = false,
        Timeout = 15,
    }.ConnectionString;

    /// <summary>The superuser's.</summary>
    public string AdminThroughSocket(int port, string database) => ThroughSocket(port, database, options.AdminUser, adminPassword);

    /// <summary>Makes everything but the settings, which name the port.</summary>
    public async Task InitializeAsync(CancellationToken cancellationToken)
    {
        await PrepareAsync(cancellationToken).ConfigureAwait(false);
        string passwordFile = Path.Combine(Directory.FullName, "password");
        ClusterDirectory.WriteSecret(passwordFile, adminPassword, user);
        try
        {
            await ServerProcess.RunAsync(
                user,
                Directory.FullName,
                binaries.InitDb,
                [
                    "-D", Directory.Data, "-U", options.AdminUser, $"--pwfile={passwordFile}", "--auth=scram-sha-256",
                    "--locale=C", "--encoding=UTF8", "--no-sync", "--no-instructions",
                ],
                cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            File.Delete(passwordFile);
        }

        await File.WriteAllTextAsync(
            Path.Combine(Directory.Data, "pg_hba.conf"),
            ClusterConfiguration.HostBasedAuthentication(options.Tls, options.AdminUser),
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Makes everything but the settings as a standby of a running server, whose log it will follow over that one's Unix socket.
    /// </summary>
    public async Task CopyAsync(Cluster primary, int primaryPort, CancellationToken cancellationToken)
    {
        if (!File.Exists(binaries.BaseBackup))
            throw new PostgresServerException(
                $"A standby is made by pg_basebackup, which {binaries.Directory} does not hold: use a whole installation, such as Debian's package postgresql.");
        await PrepareAsync(cancellationToken).ConfigureAwait(false);
        // It stays: the recovery settings that pg_basebackup writes name it, not the password.
        string passwordFile = Path.Combine(Directory.FullName, "replication");
        ClusterDirectory.WriteSecret(passwordFile, $"*:*:*:{options.AdminUser}:{adminPassword}\n", user);
        await ServerProcess.RunAsync(
            user,
            Directory.FullName,
            binaries.BaseBackup,
            [
                "-D", Directory.Data, "--write-recovery-conf", "--wal-method=stream", "--checkpoint=fast", "--no-sync", "--no-password",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"--dbname=host={primary.Directory.Socket} port={primaryPort} user={options.AdminUser} passfile={passwordFile}"),
            ],
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes the certificate and the key that the server offers from its next start or reload on.</summary>
    public async Task WriteServerCertificateAsync(ServerCertificate certificate, CancellationToken cancellationToken)
    {
        await File.WriteAllTextAsync(Path.Combine(Directory.Tls, "server.crt"), certificate.CertificatePem + "\n", cancellationToken)
            .ConfigureAwait(false);
        ClusterDirectory.WriteSecret(Path.Combine(Directory.Tls, "server.key"), certificate.PrivateKeyPem + "\n", user);
    }

    /// <summary>Writes postgresql.conf for a port, over an earlier attempt.</summary>
    public Task ConfigureAsync(int port, CancellationToken cancellationToken) =>
        // What is not said here is the server's default: the sample that initdb left says nothing.
        File.WriteAllTextAsync(
            Path.Combine(Directory.Data, "postgresql.conf"), ClusterConfiguration.Settings(options, Directory, port), cancellationToken);

    public Task<ServerProcess> StartServerAsync(CancellationToken cancellationToken) =>
        ServerProcess.StartAsync(binaries, Directory, user, cancellationToken);

    /// <summary>The end of the log as a sentence for an error; empty without a log.</summary>
    public string LogTail()
    {
        string[] lines = File.Exists(Directory.Log) ? File.ReadAllLines(Directory.Log) : [];
        return lines.Length == 0 ? "" : " Its log ends:\n" + string.Join('\n', lines.TakeLast(20));
    }

    public void Dispose()
    {
        Directory.Dispose();
        if (options.CertificateAuthority is null)
            CertificateAuthority.Dispose();
    }

    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        // The limit of sun_path; an emptier temporary path is the only cure.
        if (Directory.Socket.Length + "/.s.PGSQL.65535.lock".Length > 107)
            throw new PostgresServerException($"The temporary directory {Path.GetTempPath()} is too long for a Unix socket: set TMPDIR to a shorter one.");
        Version = await ServerProcess.RunAsync(user, Directory.FullName, binaries.Postgres, ["--version"], cancellationToken)
            .ConfigureAwait(false);
        await File.WriteAllTextAsync(RootCertificateFile, CertificateAuthority.CertificatePem + "\n", cancellationToken).ConfigureAwait(false);
        await WriteServerCertificateAsync(
            options.ServerCertificate ?? CertificateAuthority.IssueServerCertificate(), cancellationToken).ConfigureAwait(false);
    }
}
