using NativeLambda.Settings;

namespace NativeLambda.Database;

/// <summary>
/// What an environment does when the connection slots of the server run short. A full server admits nobody, so room must be made
/// before, by those that are in. Read from <c>NATIVELAMBDA_*</c>.
/// </summary>
public sealed record PressureSettings
{
    /// <summary>
    /// The share of used slots from which a session asks the server to close it soon after it falls idle. Default 0.6; above 1
    /// it never does. The sleeping hold no more than this share for long: the rest is there for those who come at once.
    /// </summary>
    public double ShortIdleAt { get; init; } = 0.60;

    /// <summary>
    /// How soon. Default 500 ms: an environment that is asked twice a second keeps its connection, and twenty slots of frozen ones
    /// serve forty that wait in each second. With 2 s, 40 environments on 20 slots needed five times as many attempts to open, and
    /// some waited in vain for 8 s.
    /// </summary>
    public TimeSpan ShortIdle { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// The share of used slots from which the connection is closed after the response, before the freeze. Default 0.95; above 1
    /// it never is. Where the server has no <c>idle_session_timeout</c>, and for an environment that was refused a slot within the
    /// last minute, <see cref="ShortIdleAt"/> counts.
    /// </summary>
    public double ReleaseAt { get; init; } = 0.95;

    /// <summary>How often the share is read while there is no pressure; under pressure it is read at each take-back. Default 5 s.</summary>
    public TimeSpan CheckEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Whether, from <see cref="ReleaseAt"/> on, the session of the same role, database and function that has been idle longest is
    /// terminated. Default <see langword="false"/>: where the server closes idle sessions itself there is no need.
    /// </summary>
    public bool Evict { get; init; }

    /// <summary>The shortest time for which a session must have been idle to be terminated. Default 10 s.</summary>
    public TimeSpan EvictIdleAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Reads the settings from environment variables.</summary>
    /// <exception cref="SettingsException">A variable holds a value that is not allowed.</exception>
    internal static PressureSettings FromVariables(VariableReader variables)
    {
        var defaults = new PressureSettings();
        TimeSpan millisecond = TimeSpan.FromMilliseconds(1);
        TimeSpan day = TimeSpan.FromHours(24);
        return new PressureSettings
        {
            ShortIdleAt = variables.Percent("NATIVELAMBDA_PRESSURE_AT", defaults.ShortIdleAt),
            ShortIdle = variables.Duration("NATIVELAMBDA_PRESSURE_IDLE", defaults.ShortIdle, millisecond, day),
            ReleaseAt = variables.Percent("NATIVELAMBDA_RELEASE_AT", defaults.ReleaseAt),
            CheckEvery = variables.Duration("NATIVELAMBDA_PRESSURE_CHECK", defaults.CheckEvery, TimeSpan.Zero, day),
            Evict = variables.Switch("NATIVELAMBDA_EVICT", defaults.Evict),
            EvictIdleAfter = variables.Duration("NATIVELAMBDA_EVICT_IDLE_AFTER", defaults.EvictIdleAfter, TimeSpan.FromSeconds(1), day),
        };
    }
}
