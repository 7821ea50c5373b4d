using NativeLambda.Emulator.Dashboard.Feed;
using NativeLambda.Emulator.Faults;
using NativeLambda.Emulator.Postgres;
using Npgsql;

namespace NativeLambda.Emulator.Dashboard.Backends;

/// <summary>What can be done to the database, and to the network before it.</summary>
internal sealed class DatabaseControls(DashboardDatabase database, DatabaseWatch watch, Fleet fleet) : IDisposable
{
    // A server takes one command at a time, a proxy one change.
    private readonly SemaphoreSlim _one = new(1, 1);
    private bool _dropped;

    /// <summary>Whether there is a proxy, and what it does.</summary>
    public NetworkFacts? Network => database.Network is { } proxy
        ? new NetworkFacts(Volatile.Read(ref _dropped), proxy.Connections.Count(static connection => !connection.Completion.IsCompleted))
        : null;

    /// <summary>Terminates one environment's backend, or the sessions of all clients, and waits until they are gone.</summary>
    /// <returns>How many there were.</returns>
    /// <exception cref="ArgumentException">There is no such environment.</exception>
    /// <exception cref="ControlException">It has no backend, or the server refuses.</exception>
    public async Task<int> TerminateAsync(string? environmentId)
    {
        int? pid = environmentId is null ? null : fleet.BackendOf(environmentId)
            ?? throw new ControlException($"environment {environmentId} has no backend that is known");
        try
        {
            await using var connection = new NpgsqlConnection(watch.ConnectionString);
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand(
                $"""
                SELECT count(*) FILTER (WHERE pg_terminate_backend(pid, 5000)) FROM pg_stat_activity
                WHERE backend_type = 'client backend' AND application_name IS DISTINCT FROM '{ServerControl.ApplicationName}'
                  AND ($1::int IS NULL OR pid = $1)
                """,
                connection)
            { CommandTimeout = 30 };
            command.Parameters.Add(new NpgsqlParameter { Value = (object?)pid ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Integer });
            return (int)(long)(await command.ExecuteScalarAsync())!;
        }
        catch (NpgsqlException exception)
        {
            throw new ControlException($"the database did not do it: {exception.Message}", exception);
        }
    }

    /// <summary>Stops the server and starts it again.</summary>
    /// <exception cref="ControlException">It is not the emulator's to restart, or it did not start.</exception>
    public async Task RestartAsync(PostgresShutdownMode mode)
    {
        if (database.Server is not { } server) throw new ControlException("the server was not started by this emulator, which cannot restart it");
        await _one.WaitAsync();
        try
        {
            await server.RestartAsync(mode);
        }
        catch (PostgresServerException exception)
        {
            throw new ControlException(exception.Message, exception);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>
    /// Drops flows silently, so that neither end learns of it: one environment's, all that live now, or everything until
    /// <see cref="RestoreAsync"/>, connections to come included.
    /// </summary>
    /// <returns>How many flows were dropped.</returns>
    /// <exception cref="ControlException">There is no proxy.</exception>
    public async Task<int> DropAsync(bool outage)
    {
        FaultProxy proxy = Proxy;
        await _one.WaitAsync();
        try
        {
            int flows = proxy.Connections.Count(static connection => !connection.Completion.IsCompleted && connection.Mode != ProxyMode.Swallow);
            proxy.SwallowLiveConnections();
            if (outage && !_dropped)
            {
                await proxy.IgnoreNewConnectionsAsync();
                Volatile.Write(ref _dropped, true);
            }
            return flows;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>New connections go through again. Dropped flows do not come back.</summary>
    /// <exception cref="ControlException">There is no proxy.</exception>
    public async Task RestoreAsync()
    {
        FaultProxy proxy = Proxy;
        await _one.WaitAsync();
        try
        {
            if (!_dropped) return;
            await proxy.AcceptNewConnectionsAsync();
            Volatile.Write(ref _dropped, false);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private FaultProxy Proxy => database.Network
        ?? throw new ControlException("there is no proxy between the functions and the database: lambda-emulator run --postgres --faults puts one there");
}
