using NativeLambda.Settings;

namespace NativeLambda.Database;

/// <summary>How long the connection lives, when it is checked and what it may cost. Read from <c>NATIVELAMBDA_*</c>.</summary>
public sealed record LifetimeSettings
{
    /// <summary>The time that Init may spend on opening, retries included; Lambda ends Init after 10 s. Default 8 s.</summary>
    public TimeSpan InitBudget { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>The longest that one attempt to open may take, TLS and authentication included. Default 3 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>A gap from this length on is checked by a round trip. Default 1 s; zero checks every invocation.</summary>
    public TimeSpan PingAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest that the round trip of a check may take. Default 500 ms, and never over a fifth of the time left.</summary>
    public TimeSpan PingTimeout { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>A gap from this length on is not checked: the connection is replaced. Default 5 min.</summary>
    public TimeSpan MaxIdle { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// The age from which a connection is replaced, so that fleets rebalance after a failover or a DNS change. Default 30 min;
    /// each connection draws its own within ±10 %.
    /// </summary>
    public TimeSpan MaxLifetime { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>
    /// How long before the deadline the handler is cancelled, to have time to answer. Default 250 ms, and never over a tenth of
    /// the time that the invocation started with.
    /// </summary>
    public TimeSpan DeadlineMargin { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Whether session state is reset after each invocation, before the freeze. Default <see langword="true"/>.</summary>
    public bool SessionReset { get; init; } = true;

    /// <summary>
    /// Whether the environment serves (503 with <c>Retry-After</c>) while the database cannot be reached within the Init budget.
    /// Default <see langword="true"/>; otherwise Init fails, and Lambda starts environment after environment.
    /// </summary>
    public bool StartWithoutDatabase { get; init; } = true;

    /// <summary>Reads the settings from environment variables.</summary>
    /// <exception cref="SettingsException">A variable holds a value that is not allowed.</exception>
    internal static LifetimeSettings FromVariables(VariableReader variables)
    {
        var defaults = new LifetimeSettings();
        TimeSpan millisecond = TimeSpan.FromMilliseconds(1);
        TimeSpan day = TimeSpan.FromHours(24);
        return new LifetimeSettings
        {
            InitBudget = variables.Duration("NATIVELAMBDA_INIT_BUDGET", defaults.InitBudget, millisecond, TimeSpan.FromMinutes(15)),
            ConnectTimeout = variables.Duration("NATIVELAMBDA_CONNECT_TIMEOUT", defaults.ConnectTimeout, millisecond, TimeSpan.FromMinutes(15)),
            PingAfter = variables.Duration("NATIVELAMBDA_PING_AFTER", defaults.PingAfter, TimeSpan.Zero, day),
            PingTimeout = variables.Duration("NATIVELAMBDA_PING_TIMEOUT", defaults.PingTimeout, millisecond, TimeSpan.FromMinutes(1)),
            MaxIdle = variables.Duration("NATIVELAMBDA_MAX_IDLE", defaults.MaxIdle, millisecond, day),
            MaxLifetime = variables.Duration("NATIVELAMBDA_MAX_LIFETIME", defaults.MaxLifetime, millisecond, day),
            DeadlineMargin = variables.Duration("NATIVELAMBDA_DEADLINE_MARGIN", defaults.DeadlineMargin, TimeSpan.Zero, TimeSpan.FromMinutes(1)),
            SessionReset = variables.Switch("NATIVELAMBDA_SESSION_RESET", defaults.SessionReset),
            StartWithoutDatabase = variables.Switch("NATIVELAMBDA_START_WITHOUT_DATABASE", defaults.StartWithoutDatabase),
        };
    }
}
