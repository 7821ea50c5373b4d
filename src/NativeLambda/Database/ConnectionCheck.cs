namespace NativeLambda.Database;

/// <summary>How the connection was verified before the handler got it.</summary>
public enum ConnectionCheck
{
    /// <summary>Opened in Init and handed over without a pause worth a check.</summary>
    None,

    /// <summary>The socket was polled: no round trip.</summary>
    Socket,

    /// <summary>The server answered a round trip.</summary>
    Ping,

    /// <summary>The connection was replaced by a new one before the handler ran.</summary>
    Reopened,
}
