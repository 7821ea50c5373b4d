using NativeLambda.Emulator.Dashboard.Feed;
using NativeLambda.Emulator.Faults;
using NativeLambda.Emulator.Postgres;
using Npgsql;

namespace NativeLambda.Emulator.Dashboard.Backends;

/// <summary>Looks at <c>pg_stat_activity</c> a few times a second: how many connections there are, and whose.</summary>
internal sealed class DatabaseWatch : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>While an environment opens a connection anew.</summary>
    private static readonly TimeSpan ShortInterval = TimeSpan.FromMilliseconds(50);

    private const string Activity =
        $"""
        SELECT pid, client_port, coalesce(application_name, '') FROM pg_stat_activity
        WHERE backend_type = 'client backend' AND application_name IS DISTINCT FROM '{ServerControl.ApplicationName}'
        ORDER BY backend_start, pid
        """;

    private readonly DashboardDatabase _database;
    private readonly Fleet _fleet;
    private readonly TimeProvider _time;
    private readonly string _connectionString;
    private readonly BackendOwners _owners;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private volatile DatabaseFacts _facts;
    private NpgsqlConnection? _connection;

    public DatabaseWatch(DashboardDatabase database, Fleet fleet, TimeProvider time)
    {
        (_database, _fleet, _time) = (database, fleet, time);
        var builder = new NpgsqlConnectionStringBuilder(
            database.ControlConnectionString ?? database.Server?.AdminConnectionString
            ?? throw new ArgumentException("a dashboard's database needs a server or a connection string", nameof(database)))
        {
            ApplicationName = ServerControl.ApplicationName,
            Pooling = false,
            Timeout = 5,
            CommandTimeout = 2,
        };
        _connectionString = builder.ConnectionString;
        int serverPort = database.Network?.Port ?? database.Server?.Port ?? builder.Port;
        _owners = new BackendOwners(environments => ProcessSockets.FindOwners(environments, serverPort), ClientPortOf);
        _facts = new DatabaseFacts { State = "down", CanRestart = database.Server is not null };
        _running = RunAsync();
    }

    public DatabaseFacts Facts => _facts;

    /// <summary>For a command on a connection of its own.</summary>
    public string ConnectionString => _connectionString;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        if (_connection is not null) await _connection.DisposeAsync();
        _stop.Dispose();
    }

    private int? ClientPortOf(int portAtServer)
    {
        if (_database.Network is not { } proxy) return null;
        foreach (ProxiedConnection connection in proxy.Connections)
            if (connection.PortAtServer == portAtServer && !connection.Completion.IsCompleted) return connection.ClientPort;
        return null;
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await LookAsync(_stop.Token);
                await Task.Delay(_fleet.AnyReopening() ? ShortInterval : Interval, _time, _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The end.
        }
    }

    private async Task LookAsync(CancellationToken cancellation)
    {
        try
        {
            NpgsqlConnection connection = _connection ??= await ConnectAsync(cancellation);
            var sessions = new List<BackendSession>();
            await using var command = new NpgsqlCommand(Activity, connection);
            await using (NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation))
                while (await reader.ReadAsync(cancellation))
                {
                    int? port = await reader.IsDBNullAsync(1, cancellation) || reader.GetInt32(1) < 0 ? null : reader.GetInt32(1);
                    sessions.Add(new BackendSession(reader.GetInt32(0), port, reader.GetString(2)));
                }
            Dictionary<string, int> backends = _owners.Resolve(sessions, _fleet.Processes());
            _fleet.ObserveBackends(backends);
            _facts = _facts with { State = "up", Connections = sessions.Count, Foreign = Math.Max(0, sessions.Count - backends.Count) };
        }
        catch (NpgsqlException exception)
        {
            // A server in trouble is what this is here to show.
            if (_connection is not null) await _connection.DisposeAsync();
            _connection = null;
            bool silent = exception.InnerException is TimeoutException;
            _facts = _facts with { State = silent ? "silent" : "down", Connections = silent ? _facts.Connections : 0 };
            // One that is down has no backends; one that only does not answer still has them.
            if (!silent) _fleet.ObserveBackends(new Dictionary<string, int>());
        }
    }

    private async Task<NpgsqlConnection> ConnectAsync(CancellationToken cancellation)
    {
        var connection = new NpgsqlConnection(_connectionString);
        try
        {
            await connection.OpenAsync(cancellation);
            await using var command = new NpgsqlCommand(
                "SELECT current_setting('max_connections')::int, current_setting('superuser_reserved_connections')::int", connection);
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation);
            await reader.ReadAsync(cancellation);
            _facts = _facts with { MaxConnections = reader.GetInt32(0), Reserved = reader.GetInt32(1) };
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
