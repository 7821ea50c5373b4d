using NativeLambda.Emulator.Postgres;
using Npgsql;

namespace NativeLambda.Trials.Storm;

/// <summary>Looks at the sessions of the function's role again and again, through one session of the superuser's.</summary>
internal sealed class BackendSampler : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly NpgsqlConnection _connection;
    private readonly string _role;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<BackendSample> _samples = [];
    private readonly Lock _gate = new();
    private Task _sampling = Task.CompletedTask;

    private BackendSampler(NpgsqlConnection connection, string role, TimeProvider time) => (_connection, _role, _time) = (connection, role, time);

    /// <summary>The samples so far.</summary>
    public IReadOnlyList<BackendSample> Samples
    {
        get
        {
            lock (_gate) return [.. _samples];
        }
    }

    /// <summary>The newest sample.</summary>
    public BackendSample Last
    {
        get
        {
            lock (_gate) return _samples.Count > 0 ? _samples[^1] : default;
        }
    }

    public static async Task<BackendSampler> ConnectAsync(PostgresServer server, TimeProvider time, CancellationToken cancellation)
    {
        var connection = new NpgsqlConnection(server.AdminConnectionStringFor(server.Database));
        await connection.OpenAsync(cancellation);
        return new BackendSampler(connection, server.User, time);
    }

    /// <summary>Begins, at the given start of the storm.</summary>
    public void Start(long stormStart) => _sampling = SampleAsync(stormStart);

    /// <summary>Ends the sampling; the session stays for <see cref="Connection"/>.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _sampling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_sampling is { IsFaulted: true, Exception: { } failure })
            throw failure;
    }

    /// <summary>The superuser's session, for other questions once the sampling has stopped.</summary>
    public NpgsqlConnection Connection => _connection;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _sampling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _connection.DisposeAsync();
        _stop.Dispose();
    }

    private async Task SampleAsync(long stormStart)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT count(*)::int, (count(*) FILTER (WHERE state = 'idle'))::int
            FROM pg_stat_activity WHERE usename = $1 AND backend_type = 'client backend'
            """,
            _connection);
        command.Parameters.Add(new NpgsqlParameter { Value = _role });
        while (!_stop.IsCancellationRequested)
        {
            await using (NpgsqlDataReader reader = await command.ExecuteReaderAsync(CancellationToken.None))
            {
                await reader.ReadAsync(CancellationToken.None);
                var sample = new BackendSample(_time.GetElapsedTime(stormStart), reader.GetInt32(0), reader.GetInt32(1));
                lock (_gate) _samples.Add(sample);
            }

            await Task.Delay(Interval, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
