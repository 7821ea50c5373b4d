namespace NativeLambda.Database;

/// <summary>How short of slots the server is.</summary>
internal enum Pressure
{
    /// <summary>There is room.</summary>
    None,

    /// <summary>The session is to be closed by the server soon after it falls idle.</summary>
    ShortIdle,

    /// <summary>The connection is to be closed before the freeze.</summary>
    Release,
}

/// <summary>Pressure as a table. Pure.</summary>
internal static class PressurePolicy
{
    /// <param name="load">How full the server is.</param>
    /// <param name="settings">The thresholds.</param>
    /// <param name="serverClosesIdle">Whether the server can close idle sessions by itself.</param>
    /// <param name="wasRefused">
    /// Whether this environment was refused a slot not long ago: then there are others that wait as it did, which the share of
    /// a moment, read by one that is in, does not show.
    /// </param>
    public static Pressure Decide(in ServerLoad load, PressureSettings settings, bool serverClosesIdle, bool wasRefused) => load.Share switch
    {
        var share when share >= settings.ReleaseAt => Pressure.Release,
        var share when share >= settings.ShortIdleAt => serverClosesIdle && !wasRefused ? Pressure.ShortIdle : Pressure.Release,
        _ => Pressure.None,
    };

    /// <summary>Whether a take-back asks how full the server is.</summary>
    /// <param name="last">What the last answer was; <see langword="null"/> when this connection has not asked yet.</param>
    /// <param name="sinceLast">The time since then, or since the connection was opened.</param>
    /// <param name="roundTrip">
    /// Whether take-back makes a round trip anyway, into which the question fits. Where it is silent it stays so: that is what turning
    /// the reset off is for.
    /// </param>
    /// <param name="settings">How often.</param>
    public static bool IsDue(Pressure? last, TimeSpan sinceLast, bool roundTrip, PressureSettings settings) => roundTrip && last switch
    {
        null => true,

        // The reset has just given the session its long idle timeout back.
        Pressure.ShortIdle => true,
        _ => sinceLast >= settings.CheckEvery,
    };
}
