using NativeLambda.Settings;

namespace NativeLambda.Database;

/// <summary>
/// What the server is asked to do by itself, because a frozen environment runs no timer: guards that are set as the session
/// starts. Read from <c>NATIVELAMBDA_*</c>.
/// </summary>
/// <remarks>Source: <see href="https://www.postgresql.org/docs/current/runtime-config-client.html">PostgreSQL, client connection defaults</see>.</remarks>
public sealed record ServerSettings
{
    /// <summary>What answers at the address. Default <see cref="ServerProfile.Auto"/>.</summary>
    public ServerProfile Profile { get; init; } = ServerProfile.Auto;

    /// <summary>
    /// The server closes a session that was idle for so long (<c>idle_session_timeout</c>, PostgreSQL 14): the environment that
    /// owns it is frozen, and reopens at its next invocation. Default 5 min; zero leaves it to the server.
    /// </summary>
    public TimeSpan IdleDisconnect { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// The server closes a session that was idle inside a transaction for so long (<c>idle_in_transaction_session_timeout</c>): its
    /// environment was frozen or lost in the middle of an invocation. Default 1 min; zero leaves it to the server.
    /// </summary>
    public TimeSpan IdleInTransaction { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The server cancels a statement that runs for so long (<c>statement_timeout</c>). Default 15 min, the longest that a function
    /// may run; lower it to the timeout of the function. Zero leaves it to the server.
    /// </summary>
    public TimeSpan StatementTimeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Reads the settings from environment variables.</summary>
    /// <exception cref="SettingsException">A variable holds a value that is not allowed.</exception>
    internal static ServerSettings FromVariables(VariableReader variables)
    {
        var defaults = new ServerSettings();
        TimeSpan day = TimeSpan.FromHours(24);
        return new ServerSettings
        {
            Profile = variables.Text("NATIVELAMBDA_SERVER") switch
            {
                null or "auto" => ServerProfile.Auto,
                "direct" => ServerProfile.Direct,
                "pgbouncer" => ServerProfile.PgBouncer,
                "rdsproxy" => ServerProfile.RdsProxy,
                var text => throw VariableReader.Refuse("NATIVELAMBDA_SERVER", text, "use auto, direct, pgbouncer or rdsproxy"),
            },
            IdleDisconnect = variables.Duration("NATIVELAMBDA_IDLE_DISCONNECT", defaults.IdleDisconnect, TimeSpan.Zero, day),
            IdleInTransaction = variables.Duration("NATIVELAMBDA_IDLE_IN_TRANSACTION", defaults.IdleInTransaction, TimeSpan.Zero, day),
            StatementTimeout = variables.Duration("NATIVELAMBDA_STATEMENT_TIMEOUT", defaults.StatementTimeout, TimeSpan.Zero, day),
        };
    }
}
