namespace NativeLambda.Database;

/// <summary>How the connection was verified before the handler got it.</summary>
public enum ConnectionCheck
{
    /// <summary>Not said: facts that were made by hand. No handler gets it.</summary>
    None,

    /// <summary>The socket was polled: no round trip.</summary>
    Socket,

    /// <summary>The server answered a round trip.</summary>
    Ping,

    /// <summary>The connection was replaced by a new one before the handler ran.</summary>
    Reopened,
}
