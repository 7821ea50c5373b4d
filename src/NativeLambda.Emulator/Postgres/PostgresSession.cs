namespace NativeLambda.Emulator.Postgres;

/// <summary>A client's session as <c>pg_stat_activity</c> shows it.</summary>
/// <param name="Pid">Process id of the backend.</param>
/// <param name="ApplicationName">What the client calls itself; empty when it does not.</param>
/// <param name="Role">The role it logged in as.</param>
/// <param name="Database">The database it is in.</param>
/// <param name="State"><c>active</c>, <c>idle</c>, <c>idle in transaction</c>, …; empty while it logs in.</param>
/// <param name="BackendStart">When the backend was started, by the server's clock.</param>
public sealed record PostgresSession(
    int Pid, string ApplicationName, string Role, string Database, string State, DateTimeOffset BackendStart);
