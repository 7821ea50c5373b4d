namespace NativeLambda.Database;

/// <summary>What is known of the connection when an invocation arrives.</summary>
/// <param name="Socket">What polling the socket says.</param>
/// <param name="Gap">The time since the connection was last known good.</param>
/// <param name="Age">The time since it was opened.</param>
/// <param name="MaxAge">The age at which this one is replaced: the maximum lifetime with its jitter.</param>
/// <param name="Suspect">Whether a statement was cancelled on it and no round trip has succeeded since.</param>
internal readonly record struct ThawFacts(SocketCondition Socket, TimeSpan Gap, TimeSpan Age, TimeSpan MaxAge, bool Suspect = false);

/// <summary>What to do with the connection before the handler gets it.</summary>
internal enum ThawAction
{
    /// <summary>Lend it: the poll was enough.</summary>
    Trust,

    /// <summary>One round trip with a tight timeout first.</summary>
    Ping,

    /// <summary>Close it and open another one.</summary>
    Reopen,
}

/// <summary>Why.</summary>
internal enum ThawReason
{
    RecentlyGood,
    Gap,
    Readable,
    UnknownSocket,
    Suspect,
    DeadSocket,
    MaxIdle,
    MaxLifetime,
}

internal readonly record struct ThawDecision(ThawAction Action, ThawReason Reason);

/// <summary>The thaw check as a table, first match from the top. Pure: no clock, no socket.</summary>
internal static class ThawPolicy
{
    public static ThawDecision Decide(in ThawFacts facts, LifetimeSettings settings) => facts switch
    {
        { Socket: SocketCondition.Dead } => new(ThawAction.Reopen, ThawReason.DeadSocket),
        _ when facts.Gap >= settings.MaxIdle => new(ThawAction.Reopen, ThawReason.MaxIdle),
        _ when facts.Age >= facts.MaxAge => new(ThawAction.Reopen, ThawReason.MaxLifetime),
        { Socket: SocketCondition.Readable } => new(ThawAction.Ping, ThawReason.Readable),
        { Socket: SocketCondition.Unknown } => new(ThawAction.Ping, ThawReason.UnknownSocket),
        { Suspect: true } => new(ThawAction.Ping, ThawReason.Suspect),
        _ when facts.Gap >= settings.PingAfter => new(ThawAction.Ping, ThawReason.Gap),
        _ => new(ThawAction.Trust, ThawReason.RecentlyGood),
    };

    /// <summary>What a connection that is replaced without a question is closed for.</summary>
    public static CloseCause Cause(ThawReason reason) => reason switch
    {
        ThawReason.DeadSocket => CloseCause.DeadSocket,
        ThawReason.MaxIdle => CloseCause.MaxIdle,
        ThawReason.MaxLifetime => CloseCause.MaxLifetime,
        _ => CloseCause.PingFailed,
    };

    /// <summary>How long a ping may take: the setting, and never over a fifth of the time left.</summary>
    public static TimeSpan PingTimeout(LifetimeSettings settings, TimeSpan timeLeft)
    {
        TimeSpan fifth = timeLeft / 5;
        return settings.PingTimeout < fifth ? settings.PingTimeout : fifth;
    }

    /// <summary>The maximum lifetime of one connection: the setting ±10 %, so that a fleet does not reopen at once.</summary>
    public static TimeSpan DrawMaxAge(LifetimeSettings settings, Random random) =>
        settings.MaxLifetime * (0.9 + (0.2 * random.NextDouble()));
}
