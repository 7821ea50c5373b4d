namespace NativeLambda.Demo.Staging;

/// <summary>A backend that serves the function, as <c>pg_stat_activity</c> and <c>pg_stat_ssl</c> show it.</summary>
/// <param name="Pid">Its process id.</param>
/// <param name="Application">The client's application_name.</param>
/// <param name="Role">The role it logged in as.</param>
/// <param name="State"><c>idle</c>, <c>active</c>, <c>idle in transaction</c>, …</param>
/// <param name="Tls">Protocol and cipher; empty for plain text.</param>
/// <param name="Age">How long ago it was started.</param>
/// <param name="Locks">How many locks it holds or waits for.</param>
/// <param name="Query">Its last statement.</param>
internal sealed record Backend(int Pid, string Application, string Role, string State, string Tls, TimeSpan Age, int Locks, string Query);
