namespace NativeLambda.Database;

/// <summary>Why a connection was closed; and where another takes its place, why it was replaced.</summary>
internal enum CloseCause
{
    /// <summary>When an invocation arrived, the socket was found closed, reset or in error.</summary>
    DeadSocket,

    /// <summary>The gap was <see cref="LifetimeSettings.MaxIdle"/> or longer.</summary>
    MaxIdle,

    /// <summary>It was as old as it may get.</summary>
    MaxLifetime,

    /// <summary>The server did not answer the ping.</summary>
    PingFailed,

    /// <summary>It died under the handler.</summary>
    Lost,

    /// <summary>The handler left a statement or a COPY running.</summary>
    LeftRunning,

    /// <summary>The handler closed, disposed or replaced it.</summary>
    ClosedByHandler,

    /// <summary>It could not be cleaned after the response.</summary>
    CleanFailed,

    /// <summary>It led to a server that takes no writes.</summary>
    ReadOnlyServer,

    /// <summary>It was given back before the freeze, because slots run short.</summary>
    Released,

    /// <summary>Its handler still ran after its cancellation.</summary>
    GivenUp,

    /// <summary>The environment ends.</summary>
    Shutdown,
}

/// <summary>Names that need no metadata at run time; dimensions of metrics and members of the log, so they stay as they are.</summary>
internal static class CloseCauseNames
{
    public static ReadOnlySpan<byte> Name(this CloseCause cause) => cause switch
    {
        CloseCause.DeadSocket => "DeadSocket"u8,
        CloseCause.MaxIdle => "MaxIdle"u8,
        CloseCause.MaxLifetime => "MaxLifetime"u8,
        CloseCause.PingFailed => "PingFailed"u8,
        CloseCause.Lost => "Lost"u8,
        CloseCause.LeftRunning => "LeftRunning"u8,
        CloseCause.ClosedByHandler => "ClosedByHandler"u8,
        CloseCause.CleanFailed => "CleanFailed"u8,
        CloseCause.ReadOnlyServer => "ReadOnlyServer"u8,
        CloseCause.Released => "Released"u8,
        CloseCause.GivenUp => "GivenUp"u8,
        _ => "Shutdown"u8,
    };
}
