using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Npgsql;

namespace NativeLambda.Emulator.Postgres;

/// <summary>
/// A real PostgreSQL server on loopback for demonstrations and tests: a throwaway cluster with SCRAM, TLS and a CA of its own,
/// never run as root, gone with its files when this is disposed or when this process dies, however it dies.
/// </summary>
/// <remarks>
/// Not for data that matters: fsync is off. Methods are for one caller at a time; connections to the server of course are not.
/// </remarks>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string MaintenanceDatabase = "postgres";
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    private readonly PostgresServerOptions _options;
    private readonly PostgresBinaries _binaries;
    private readonly ServerUser _user;
    private readonly ClusterDirectory _directory;
    private readonly CertificateAuthority _certificateAuthority;
    private readonly string _adminPassword = NewPassword();
    private ServerProcess? _process;

    private PostgresServer(PostgresServerOptions options, PostgresBinaries binaries, ServerUser user)
    {
        _options = options;
        _binaries = binaries;
        _user = user;
        _certificateAuthority = options.CertificateAuthority ?? new CertificateAuthority();
        _directory = ClusterDirectory.Create(user);
    }

    /// <summary><c>127.0.0.1</c> or <c>localhost</c>, as the options say; the first certificate is valid for both.</summary>
    public string Host => _options.Host;

    /// <summary>TCP port on 127.0.0.1; the same after a restart.</summary>
    public int Port { get; private set; }

    /// <summary>The application's database.</summary>
    public string Database => _options.Database;

    /// <summary>The application's role, owner of <see cref="Database"/>.</summary>
    public string User => _options.User;

    /// <summary>The random password of <see cref="User"/>, of letters and digits.</summary>
    public string Password { get; } = NewPassword();

    /// <summary>File with the CA's certificate in PEM, readable by everyone: what a client pins.</summary>
    public string RootCertificateFile => Path.Combine(_directory.Tls, "root.crt");

    /// <summary>The CA behind <see cref="RootCertificateFile"/>.</summary>
    public CertificateAuthority CertificateAuthority => _certificateAuthority;

    /// <summary>The data directory of the cluster.</summary>
    public string DataDirectory => _directory.Data;

    /// <summary>What the programs say of themselves, such as <c>postgres (PostgreSQL) 18.0</c>.</summary>
    public string Version { get; private set; } = "";

    /// <summary>Process id of the postmaster, another one after each start.</summary>
    /// <exception cref="InvalidOperationException">The server is stopped.</exception>
    public int PostmasterPid => Running.PostmasterPid;

    /// <summary>Whether the postmaster runs: not after a stop, nor after it died.</summary>
    public bool IsRunning => _process is { HasExited: false };

    /// <summary>libpq's variables for a client with the application's role: verify-full with the pinned CA, password included.</summary>
    public IReadOnlyDictionary<string, string> EnvironmentVariables => new Dictionary<string, string>
    {
        ["PGHOST"] = Host,
        ["PGPORT"] = Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ["PGDATABASE"] = Database,
        ["PGUSER"] = User,
        ["PGPASSWORD"] = Password,
        ["PGSSLMODE"] = _options.Tls == PostgresTls.Off ? "disable" : "verify-full",
        ["PGSSLROOTCERT"] = RootCertificateFile,
    };

    /// <summary>Npgsql connection string of the application's role over TCP, TLS verified, without a pool.</summary>
    public string ConnectionString => new NpgsqlConnectionStringBuilder
    {
        Host = Host,
        Port = Port,
        Database = Database,
        Username = User,
        Password = Password,
        SslMode = _options.Tls == PostgresTls.Off ? SslMode.Disable : SslMode.VerifyFull,
        RootCertificate = _options.Tls == PostgresTls.Off ? null : RootCertificateFile,
        Pooling = false,
        Timeout = 15,
    }.ConnectionString;

    /// <summary><see cref="AdminConnectionStringFor"/> the maintenance database, where it stands in nobody's way.</summary>
    public string AdminConnectionString => AdminConnectionStringFor(MaintenanceDatabase);

    /// <summary>Makes a cluster and starts its server, with role and database, ready for connections.</summary>
    /// <exception cref="PostgresServerException">No binaries, or the server did not start: the message quotes the end of its log.</exception>
    /// <exception cref="ArgumentException">An option that cannot be.</exception>
    public static async Task<PostgresServer> StartAsync(PostgresServerOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new PostgresServerOptions();
        ClusterConfiguration.Validate(options);
        var server = new PostgresServer(options, PostgresBinaries.Find(options.BinaryDirectory), ServerUser.Choose());
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.StartTimeout);
        try
        {
            await server.InitializeAsync(limit.Token).ConfigureAwait(false);
            await server.StartFirstAsync(limit.Token).ConfigureAwait(false);
            await server.CreateDatabaseAsync(limit.Token).ConfigureAwait(false);
            return server;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            string log = server.LogTail();
            await server.DisposeAsync().ConfigureAwait(false);
            throw new PostgresServerException($"PostgreSQL did not start within {options.StartTimeout.TotalSeconds} s.{log}");
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Npgsql connection string of the superuser in a database, for control by tests: over the Unix socket, so that it works
    /// whatever is wrong with TCP or TLS, without a pool, on slots that the server reserves for superusers when all are taken.
    /// </summary>
    public string AdminConnectionStringFor(string database) => ThroughSocket(database, _options.AdminUser, _adminPassword);

    /// <summary>Stops the server and waits until it is gone; nothing happens when it is stopped.</summary>
    /// <exception cref="PostgresServerException">It was not gone after 30 s, as with Smart and a session that stays.</exception>
    public async Task StopAsync(PostgresShutdownMode mode = PostgresShutdownMode.Fast, CancellationToken cancellationToken = default)
    {
        if (_process is not { } process)
            return;
        process.Signal(mode switch
        {
            PostgresShutdownMode.Smart => NativeMethods.SignalTerminate,
            PostgresShutdownMode.Fast => NativeMethods.SignalInterrupt,
            _ => NativeMethods.SignalQuit,
        });
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StopTimeout);
        try
        {
            await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new PostgresServerException($"PostgreSQL ({mode} shutdown) was not gone after {StopTimeout.TotalSeconds} s.{LogTail()}");
        }

        process.Dispose();
        _process = null;
    }

    /// <summary>Starts a stopped server, or one that died, again: same port, same data, same certificates.</summary>
    /// <exception cref="InvalidOperationException">It runs.</exception>
    /// <exception cref="PostgresServerException">It did not start: the message quotes the end of its log.</exception>
    public async Task StartAgainAsync(CancellationToken cancellationToken = default)
    {
        if (IsRunning)
            throw new InvalidOperationException("The server is running.");
        _process?.Dispose();
        _process = await ServerProcess.StartAsync(_binaries, _directory, _user, cancellationToken).ConfigureAwait(false);
        await WaitUntilReadyAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Stops and starts.</summary>
    public async Task RestartAsync(PostgresShutdownMode mode = PostgresShutdownMode.Fast, CancellationToken cancellationToken = default)
    {
        await StopAsync(mode, cancellationToken).ConfigureAwait(false);
        await StartAgainAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Stops every process of the server where it stands (SIGSTOP), and waits until they are: it hangs, its sockets stay open, the
    /// kernel still accepts connections for it, nobody answers.
    /// </summary>
    public void Suspend()
    {
        // Again and again, for the postmaster may just have started another process, and a signal takes its time.
        while (ClusterDirectory.ProcessesIn(DataDirectory) is var pids && !pids.All(ClusterDirectory.IsStopped))
        {
            foreach (int pid in pids)
                _ = NativeMethods.Kill(pid, NativeMethods.SignalStop);
        }
    }

    /// <summary>Lets a suspended server go on.</summary>
    public void Resume()
    {
        foreach (int pid in ClusterDirectory.ProcessesIn(DataDirectory))
            _ = NativeMethods.Kill(pid, NativeMethods.SignalContinue);
    }

    /// <summary>Makes the server offer another certificate to new connections, and waits until it does.</summary>
    /// <remarks>The root certificate file stays as it is.</remarks>
    public async Task UseServerCertificateAsync(ServerCertificate certificate, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        await WriteServerCertificateAsync(certificate, cancellationToken).ConfigureAwait(false);
        Running.Signal(NativeMethods.SignalHangUp);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_options.StartTimeout);
        while (await TlsProbe.ReadCertificateAsync(Port, limit.Token).ConfigureAwait(false) != certificate.CertificatePem.Trim())
            await Task.Delay(PollInterval, TimeProvider.System, limit.Token).ConfigureAwait(false);
    }

    /// <summary>Runs a file of SQL statements in the application's database as its owner.</summary>
    public async Task ExecuteFileAsync(string sqlFile, CancellationToken cancellationToken = default)
    {
        string sql = await File.ReadAllTextAsync(sqlFile, cancellationToken).ConfigureAwait(false);
        await ExecuteAsync(ThroughSocket(Database, User, Password), sql, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The sessions of clients other than the one that asks, oldest first.</summary>
    public async Task<IReadOnlyList<PostgresSession>> ListSessionsAsync(CancellationToken cancellationToken = default)
    {
        await using var connection = new NpgsqlConnection(AdminConnectionString);
        await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var command = new NpgsqlCommand(
            """
            SELECT pid, coalesce(application_name, ''), coalesce(usename, ''), coalesce(datname, ''), coalesce(state, ''), backend_start
            FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() ORDER BY backend_start, pid
            """,
            connection);
        var sessions = new List<PostgresSession>();
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            sessions.Add(new PostgresSession(
                reader.GetInt32(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4),
                reader.GetFieldValue<DateTimeOffset>(5)));
        }

        return sessions;
    }

    /// <summary>Terminates sessions of clients (57P01), waits until their backends are gone, and says how many there were.</summary>
    /// <param name="applicationName">Only those whose application_name is like this, with % and _ as LIKE has them; null for any.</param>
    /// <param name="role">Only those of this role; null for any.</param>
    /// <param name="database">Only those in this database; null for any.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<int> TerminateBackendsAsync(
        string? applicationName = null, string? role = null, string? database = null, CancellationToken cancellationToken = default)
    {
        await using var connection = new NpgsqlConnection(AdminConnectionString);
        await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var command = new NpgsqlCommand(
            """
            SELECT count(*) FILTER (WHERE pg_terminate_backend(pid, 10000))
            FROM pg_stat_activity
            WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
              AND ($1::text IS NULL OR application_name LIKE $1) AND ($2::text IS NULL OR usename = $2) AND ($3::text IS NULL OR datname = $3)
            """,
            connection);
        foreach (string? value in new[] { applicationName, role, database })
            command.Parameters.Add(new NpgsqlParameter { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        return (int)(long)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
    }

    /// <summary>All that the server has logged so far.</summary>
    public async Task<string> ReadLogAsync(CancellationToken cancellationToken = default) =>
        File.Exists(_directory.Log) ? await File.ReadAllTextAsync(_directory.Log, cancellationToken).ConfigureAwait(false) : "";

    /// <summary>Ends the server at once, even a suspended one, and removes its files.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            process.Signal(NativeMethods.SignalQuit);
            // Stopped backends would hold it up until the postmaster loses patience after 5 s.
            Resume();
            using var limit = new CancellationTokenSource(StopTimeout);
            try
            {
                await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // The directory's disposal kills whatever still works in it.
            }

            process.Dispose();
            _process = null;
        }

        _directory.Dispose();
        if (_options.CertificateAuthority is null)
            _certificateAuthority.Dispose();
    }

    private ServerProcess Running => IsRunning ? _process! : throw new InvalidOperationException("The server is stopped.");

    private static string NewPassword() =>
        RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 32);

    private static async Task ExecuteAsync(string connectionString, string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
#pragma warning disable CA2100 // The text is a file of the caller or made here of quoted names.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private string ThroughSocket(string database, string user, string password) => new NpgsqlConnectionStringBuilder
    {
        Host = _directory.Socket,
        Port = Port,
        Database = database,
        Username = user,
        Password = password,
        ApplicationName = "nativelambda-control",
        Pooling = false,
        Timeout = 15,
    }.ConnectionString;

    private async Task InitializeAsync(CancellationToken cancellationToken)
    {
        // The limit of sun_path; an emptier temporary path is the only cure.
        if (_directory.Socket.Length + "/.s.PGSQL.65535.lock".Length > 107)
            throw new PostgresServerException($"The temporary directory {Path.GetTempPath()} is too long for a Unix socket: set TMPDIR to a shorter one.");
        Version = await ServerProcess.RunAsync(_user, _directory.FullName, _binaries.Postgres, ["--version"], cancellationToken)
            .ConfigureAwait(false);
        string passwordFile = Path.Combine(_directory.FullName, "password");
        ClusterDirectory.WriteSecret(passwordFile, _adminPassword, _user);
        try
        {
            await ServerProcess.RunAsync(
                _user,
                _directory.FullName,
                _binaries.InitDb,
                [
                    "-D", DataDirectory, "-U", _options.AdminUser, $"--pwfile={passwordFile}", "--auth=scram-sha-256",
                    "--locale=C", "--encoding=UTF8", "--no-sync", "--no-instructions",
                ],
                cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            File.Delete(passwordFile);
        }

        await File.WriteAllTextAsync(RootCertificateFile, _certificateAuthority.CertificatePem + "\n", cancellationToken).ConfigureAwait(false);
        await WriteServerCertificateAsync(
            _options.ServerCertificate ?? _certificateAuthority.IssueServerCertificate(), cancellationToken).ConfigureAwait(false);
        await File.WriteAllTextAsync(
            Path.Combine(DataDirectory, "pg_hba.conf"), ClusterConfiguration.HostBasedAuthentication(_options.Tls), cancellationToken)
            .ConfigureAwait(false);
    }

    private async Task WriteServerCertificateAsync(ServerCertificate certificate, CancellationToken cancellationToken)
    {
        await File.WriteAllTextAsync(Path.Combine(_directory.Tls, "server.crt"), certificate.CertificatePem + "\n", cancellationToken)
            .ConfigureAwait(false);
        ClusterDirectory.WriteSecret(Path.Combine(_directory.Tls, "server.key"), certificate.PrivateKeyPem + "\n", _user);
    }

    private async Task StartFirstAsync(CancellationToken cancellationToken)
    {
        string file = Path.Combine(DataDirectory, "postgresql.conf");
        string defaults = await File.ReadAllTextAsync(file, cancellationToken).ConfigureAwait(false);
        for (int attempt = 1; ; attempt++)
        {
            Port = _options.Port == 0 ? FreePort() : _options.Port;
            await File.WriteAllTextAsync(file, defaults + ClusterConfiguration.Settings(_options, _directory, Port), cancellationToken)
                .ConfigureAwait(false);
            try
            {
                await StartAgainAsync(cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (PostgresServerException e) when (
                _options.Port == 0 && attempt < 5 && e.Message.Contains("Address already in use", StringComparison.Ordinal))
            {
                // Somebody took the free port between the look and the start.
                File.Delete(_directory.Log);
            }
        }
    }

    private async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(AdminConnectionString);
                await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (NpgsqlException e) when (e is not PostgresException { SqlState: not PostgresErrorCodes.CannotConnectNow })
            {
                // Not listening yet, or 57P03 while it recovers.
                if (!IsRunning)
                    throw new PostgresServerException($"PostgreSQL did not start.{LogTail()}", e);
                await Task.Delay(PollInterval, TimeProvider.System, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        // Whatever the options let the server log, it is not this password.
        await ExecuteAsync(
            AdminConnectionString,
            $"""
            SET log_statement = none; SET log_min_duration_statement = -1; SET log_min_error_statement = panic;
            CREATE ROLE {SqlText.Identifier(User)} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD {SqlText.Literal(Password)}
            """,
            cancellationToken).ConfigureAwait(false);
        await ExecuteAsync(
            AdminConnectionString,
            $"CREATE DATABASE {SqlText.Identifier(Database)} OWNER {SqlText.Identifier(User)}",
            cancellationToken).ConfigureAwait(false);
    }

    private string LogTail()
    {
        string[] lines = File.Exists(_directory.Log) ? File.ReadAllLines(_directory.Log) : [];
        return lines.Length == 0 ? "" : " Its log ends:\n" + string.Join('\n', lines.TakeLast(20));
    }
}
