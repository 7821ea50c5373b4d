namespace NativeLambda.Database;

/// <summary>In what condition a handler left the session.</summary>
internal enum SessionCondition
{
    /// <summary>Open, outside a transaction, nothing running.</summary>
    Idle,

    /// <summary>Open, in a transaction, failed or not, begun through the API or by SQL.</summary>
    InTransaction,

    /// <summary>A reader is open.</summary>
    ReaderOpen,

    /// <summary>A statement runs or a COPY is under way.</summary>
    Busy,

    /// <summary>The handler closed or disposed the connection, or it serves another backend than before.</summary>
    ClosedByHandler,

    /// <summary>The connection died.</summary>
    Broken,
}

/// <summary>What take-back does before the freeze.</summary>
internal enum TakeBackAction
{
    /// <summary>Nothing: the session is as clean as it is asked to be.</summary>
    Keep,

    /// <summary>Reset session state: one round trip.</summary>
    Reset,

    /// <summary>Roll back, then reset where resets are on: one round trip.</summary>
    RollBack,

    /// <summary>Close the reader, then look again.</summary>
    CloseReader,

    /// <summary>Close the connection; the next invocation opens another one.</summary>
    Discard,
}

/// <summary>Take-back as a table. Pure.</summary>
internal static class TakeBackPolicy
{
    public static TakeBackAction Decide(SessionCondition condition, bool sessionReset) => condition switch
    {
        SessionCondition.Idle => sessionReset ? TakeBackAction.Reset : TakeBackAction.Keep,
        SessionCondition.InTransaction => TakeBackAction.RollBack,
        SessionCondition.ReaderOpen => TakeBackAction.CloseReader,
        _ => TakeBackAction.Discard,
    };

    /// <summary>Why a connection that came back so is not kept.</summary>
    public static CloseCause Cause(SessionCondition condition) => condition switch
    {
        SessionCondition.Busy => CloseCause.LeftRunning,
        SessionCondition.ClosedByHandler => CloseCause.ClosedByHandler,
        SessionCondition.Broken => CloseCause.Lost,
        _ => CloseCause.CleanFailed,
    };

    /// <summary>What the log calls it when the handler, not the network, left the session so; otherwise <see langword="null"/>.</summary>
    public static string? HandlerBug(SessionCondition condition) => condition switch
    {
        SessionCondition.InTransaction => "the handler left a transaction open; it was rolled back",
        SessionCondition.ReaderOpen => "the handler left a reader open",
        SessionCondition.Busy => "the handler left a statement or a COPY running; the connection was closed",
        SessionCondition.ClosedByHandler => "the handler closed, disposed or replaced the connection that it was lent",
        _ => null,
    };
}
