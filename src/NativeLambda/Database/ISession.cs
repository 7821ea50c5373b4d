using Npgsql;

namespace NativeLambda.Database;

/// <summary>One physical connection, as the lifetime sees it. The seam that lets the lifetime be tested without a database.</summary>
internal interface ISession
{
    /// <summary>What handlers are lent.</summary>
    NpgsqlConnection Connection { get; }

    /// <summary>The process id of the backend.</summary>
    int BackendPid { get; }

    /// <summary>Polls the socket: no round trip.</summary>
    SocketCondition Poll();

    /// <summary>In what condition a handler left the session: no round trip.</summary>
    SessionCondition Inspect();

    /// <summary>Puts a query before the next statement, in the same flight: no round trip, and no answer but success.</summary>
    /// <param name="query">The message of the simple query protocol, whole.</param>
    void Prepend(byte[] query);

    /// <summary>One round trip. Throws when the server does not answer it.</summary>
    Task PingAsync();

    /// <summary>One round trip: rolls back, resets and asks, each where it is asked to. Returns the answer, if there was a question.</summary>
    Task<ServerLoad?> CleanAsync(CleanRequest request);

    /// <summary>Closes the reader that a handler left open.</summary>
    Task CloseReaderAsync();

    /// <summary>Asks the server to end the statement that still runs. Blocks on a connection of its own for as long as that takes.</summary>
    void Cancel();

    /// <summary>Ends whatever waits on the socket, at once and without a word to the server.</summary>
    void Abort();

    /// <summary>Says goodbye to the server and releases the connection. Never waits for the server.</summary>
    ValueTask CloseAsync();
}

/// <summary>Opens physical connections: one attempt, no retry.</summary>
internal interface ISessionFactory
{
    /// <summary>Opens one; throws what the driver throws.</summary>
    Task<ISession> OpenAsync(CancellationToken cancellationToken);

    /// <summary>
    /// The server has refused the credentials: makes the next open ask for them past every cache, and says whether that can make a
    /// difference.
    /// </summary>
    bool TryRefreshCredentials();

    /// <summary>Learns from a failed attempt; whether the next one will be another one, and may be made at once.</summary>
    bool TryAdapt(Exception refusal);
}
