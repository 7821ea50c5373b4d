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
    private readonly Cluster _cluster;
    private readonly string _adminPassword;
    private ServerProcess? _process;

    private PostgresServer(PostgresServerOptions options, string adminPassword, string password)
    {
        _options = options;
        _adminPassword = adminPassword;
        Password = password;
        _cluster = new Cluster(options, PostgresBinaries.Find(options.BinaryDirectory), ServerUser.Choose(), adminPassword);
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
    public string Password { get; }

    /// <summary>File with the CA's certificate in PEM, readable by everyone: what a client pins.</summary>
    public string RootCertificateFile => _cluster.RootCertificateFile;

    /// <summary>The CA behind <see cref="RootCertificateFile"/>.</summary>
    public CertificateAuthority CertificateAuthority => _cluster.CertificateAuthority;

    /// <summary>The data directory of the cluster.</summary>
    public string DataDirectory => _cluster.Directory.Data;

    /// <summary>What the programs say of themselves, such as <c>postgres (PostgreSQL) 18.0</c>.</summary>
    public string Version => _cluster.Version;

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
        var server = new PostgresServer(options, Cluster.NewPassword(), Cluster.NewPassword());
        await server.StartOrDisposeAsync(
            async limit =>
            {
                await server._cluster.InitializeAsync(limit).ConfigureAwait(false);
                await server.StartFirstAsync(limit).ConfigureAwait(false);
                await ServerControl.CreateDatabaseAsync(
                    server.AdminConnectionString, server.Database, server.User, server.Password, limit).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
        return server;
    }

    /// <summary>
    /// Copies a running server and starts the copy as its standby by streaming replication, open for reading: a port of its own, a
    /// certificate of the same CA, the same settings, roles and passwords.
    /// </summary>
    /// <param name="primary">The server to follow; it may be stopped or disposed before its standby is.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PostgresServerException">No <c>pg_basebackup</c> beside the server, or the copy did not succeed or start.</exception>
    public static async Task<PostgresServer> StartStandbyAsync(PostgresServer primary, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(primary);
        PostgresServerOptions options = primary._options with
        {
            BinaryDirectory = primary._cluster.Binaries.Directory,
            Port = 0,
            CertificateAuthority = primary.CertificateAuthority,
        };
        var standby = new PostgresServer(options, primary._adminPassword, primary.Password);
        await standby.StartOrDisposeAsync(
            async limit =>
            {
                await standby._cluster.CopyAsync(primary._cluster, primary.Port, limit).ConfigureAwait(false);
                await standby.StartFirstAsync(limit).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
        return standby;
    }

    /// <summary>Whether the server follows another one, and so takes no writes.</summary>
    public Task<bool> IsInRecoveryAsync(CancellationToken cancellationToken = default) =>
        ServerControl.IsInRecoveryAsync(AdminConnectionString, cancellationToken);

    /// <summary>Makes a standby a server of its own that takes writes, and waits until it does.</summary>
    /// <remarks>Nothing keeps the server that it followed from taking writes as well: stop that first.</remarks>
    public Task PromoteAsync(CancellationToken cancellationToken = default) =>
        ServerControl.PromoteAsync(AdminConnectionString, cancellationToken);

    /// <summary>
    /// Npgsql connection string of the superuser in a database, for control by tests: over the Unix socket, so that it works
    /// whatever is wrong with TCP or TLS, without a pool, on slots that the server reserves for superusers when all are taken.
    /// </summary>
    public string AdminConnectionStringFor(string database) => _cluster.AdminThroughSocket(Port, database);

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
            throw new PostgresServerException($"PostgreSQL ({mode} shutdown) was not gone after {StopTimeout.TotalSeconds} s.{_cluster.LogTail()}");
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
        _process = await _cluster.StartServerAsync(cancellationToken).ConfigureAwait(false);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_options.StartTimeout);
        try
        {
            await WaitUntilReadyAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new PostgresServerException(
                $"PostgreSQL was not ready within {_options.StartTimeout.TotalSeconds} s.{_cluster.LogTail()}");
        }
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
        await _cluster.WriteServerCertificateAsync(certificate, cancellationToken).ConfigureAwait(false);
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
        await ServerControl.ExecuteAsync(_cluster.ThroughSocket(Port, Database, User, Password), sql, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The sessions of clients, oldest first, without those of <see cref="AdminConnectionStringFor"/>.</summary>
    public Task<IReadOnlyList<PostgresSession>> ListSessionsAsync(CancellationToken cancellationToken = default) =>
        ServerControl.ListSessionsAsync(AdminConnectionString, cancellationToken);

    /// <summary>Terminates sessions of clients (57P01), waits until their backends are gone, and says how many there were.</summary>
    /// <param name="applicationName">Only those whose application_name is like this, with % and _ as LIKE has them; null for any.</param>
    /// <param name="role">Only those of this role; null for any.</param>
    /// <param name="database">Only those in this database; null for any.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<int> TerminateBackendsAsync(
        string? applicationName = null, string? role = null, string? database = null, CancellationToken cancellationToken = default) =>
        ServerControl.TerminateBackendsAsync(AdminConnectionString, applicationName, role, database, cancellationToken);

    /// <summary>All that the server has logged so far.</summary>
    public async Task<string> ReadLogAsync(CancellationToken cancellationToken = default) =>
        File.Exists(_cluster.Directory.Log) ? await File.ReadAllTextAsync(_cluster.Directory.Log, cancellationToken).ConfigureAwait(false) : "";

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

        _cluster.Dispose();
    }

    private ServerProcess Running => IsRunning ? _process! : throw new InvalidOperationException("The server is stopped.");

    /// <summary>Runs what makes the server within its time, and leaves nothing of it behind when that fails.</summary>
    private async Task StartOrDisposeAsync(Func<CancellationToken, Task> start, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_options.StartTimeout);
        try
        {
            await start(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            string log = _cluster.LogTail();
            await DisposeAsync().ConfigureAwait(false);
            throw new PostgresServerException($"PostgreSQL did not start within {_options.StartTimeout.TotalSeconds} s.{log}");
        }
        catch
        {
            await DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task StartFirstAsync(CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            Port = _options.Port == 0 ? FreePort.Find() : _options.Port;
            await _cluster.ConfigureAsync(Port, cancellationToken).ConfigureAwait(false);
            try
            {
                await StartAgainAsync(cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (PostgresServerException e) when (
                _options.Port == 0 && attempt < 5 && e.Message.Contains("Address already in use", StringComparison.Ordinal))
            {
                // Somebody took the free port between the look and the start.
                File.Delete(_cluster.Directory.Log);
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
                    throw new PostgresServerException($"PostgreSQL did not start.{_cluster.LogTail()}", e);
                await Task.Delay(PollInterval, TimeProvider.System, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
