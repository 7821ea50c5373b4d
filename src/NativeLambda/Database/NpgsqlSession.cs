using System.Data;
using NativeLambda.Runtime;
using Npgsql;
using Npgsql.Internal;

#pragma warning disable NPG9001 // Internal by name: see NpgsqlInternals.

namespace NativeLambda.Database;

/// <summary>One physical connection of Npgsql.</summary>
internal sealed class NpgsqlSession : ISession
{
    /// <summary>An empty statement: the shortest round trip that PostgreSQL answers, and legible in <c>pg_stat_activity</c>.</summary>
    private const string Ping = "-- ping";

    /// <summary>CommandComplete and ReadyForQuery.</summary>
    private const int AnswersToCommand = 2;

    /// <summary>
    /// What DISCARD ALL does, less the prepared statements and their plans, which are what a warm connection is kept for, and
    /// allowed after a ROLLBACK in the same flight, where DISCARD ALL is not.
    /// </summary>
    /// <remarks>Source: <see href="https://www.postgresql.org/docs/current/sql-discard.html">PostgreSQL, DISCARD</see>.</remarks>
    private static readonly string[] ResetStatements =
    [
        "SET SESSION AUTHORIZATION DEFAULT", // and with it the role
        "RESET ALL",
        "CLOSE ALL",
        "UNLISTEN *",
        "SELECT pg_advisory_unlock_all()::text", // of void Npgsql would build its whole table of types, see CommonTypes
        "DISCARD SEQUENCES",
        "DISCARD TEMP",
    ];

    private readonly NpgsqlConnector _connector;

    public NpgsqlSession(NpgsqlConnection connection)
    {
        _connector = NpgsqlInternals.Connector(connection) ?? throw new InvalidOperationException("The connection was not opened.");
        Connection = connection;
        BackendPid = connection.ProcessID;
        SocketPatience.ForDatabase(NpgsqlInternals.Socket(_connector));
    }

    public NpgsqlConnection Connection { get; }

    public int BackendPid { get; }

    public SocketCondition Poll()
    {
        // A broken connector has let go of its socket, whose number may serve another file by now.
        if (Connection.FullState != ConnectionState.Open)
            return SocketCondition.Dead;
        return NpgsqlInternals.Socket(_connector) is { } socket ? SocketProbe.Poll((int)socket.Handle) : SocketCondition.Dead;
    }

    public SessionCondition Inspect()
    {
        if (Connection.FullState is ConnectionState.Broken)
            return SessionCondition.Broken;
        if (Connection.FullState is ConnectionState.Closed || NpgsqlInternals.Connector(Connection) != _connector)
            return SessionCondition.ClosedByHandler;

        // A statement that runs has a reader as well, but one that would wait for it.
        if (Connection.FullState.HasFlag(ConnectionState.Executing))
            return SessionCondition.Busy;
        if (NpgsqlInternals.CurrentReader(_connector) is { IsClosed: false })
            return SessionCondition.ReaderOpen;
        if (Connection.FullState != ConnectionState.Open)
            return SessionCondition.Busy;
        return NpgsqlInternals.InTransaction(_connector) ? SessionCondition.InTransaction : SessionCondition.Idle;
    }

    public void Prepend(byte[] query) => NpgsqlInternals.Prepend(_connector, query, AnswersToCommand);

    public async Task PingAsync()
    {
        // No token: at its cancellation Npgsql opens a second connection to send a cancel request, synchronously, to a server
        // that may not answer that either. A ping that takes too long is ended by Abort.
        await using var command = new NpgsqlCommand(Ping, Connection);
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    public async Task<ServerLoad?> CleanAsync(CleanRequest request)
    {
        await using var batch = new NpgsqlBatch(Connection);
        if (request.RollBack)
            batch.BatchCommands.Add(new NpgsqlBatchCommand("ROLLBACK"));
        if (request.Reset)
        {
            foreach (string statement in ResetStatements)
                batch.BatchCommands.Add(new NpgsqlBatchCommand(statement));
        }

        if (request.LoadStatement is not null)
            batch.BatchCommands.Add(new NpgsqlBatchCommand(request.LoadStatement));

        ServerLoad? load = null;
        await using (NpgsqlDataReader reader = await batch.ExecuteReaderAsync(CancellationToken.None))
        {
            do
            {
                if (reader.FieldCount > 0 && reader.GetName(0) == LoadStatement.Answer && await reader.ReadAsync(CancellationToken.None))
                    load = new ServerLoad(reader.GetInt32(0), reader.GetInt32(1), reader.GetInt32(2), reader.GetInt32(3));
            }
            while (await reader.NextResultAsync(CancellationToken.None));
        }

        Forget();
        return load;
    }

    public async Task CloseReaderAsync()
    {
        if (NpgsqlInternals.CurrentReader(_connector) is { } reader)
            await reader.DisposeAsync();
    }

    public void Cancel() => NpgsqlInternals.Cancel(_connector);

    public void Abort()
    {
        // Not Socket.Shutdown and not Close: a read that waits on another thread must end, and the descriptor stays Npgsql's.
        if (NpgsqlInternals.Socket(_connector) is { } socket)
            NativeMethods.ShutDown(socket);
    }

    public async ValueTask CloseAsync()
    {
        SocketPatience.ForDatabase(null);

        // Only a session in which nothing runs says goodbye: anything else would wait for an answer.
        if (Inspect() is SessionCondition.Busy or SessionCondition.ReaderOpen)
            Abort();
        await Connection.DisposeAsync();
    }

    /// <summary>
    /// Takes from the handler what it may have kept: a transaction object that would act on the next handler's transaction, and
    /// event handlers that would hear its notices.
    /// </summary>
    private void Forget()
    {
        if (NpgsqlInternals.Transaction(_connector) is { } transaction)
            NpgsqlInternals.UnbindIfNecessary(transaction);
        NpgsqlInternals.Notice(Connection) = null;
        NpgsqlInternals.Notification(Connection) = null;
    }
}
