namespace NativeLambda.Database;

/// <summary>How full the server is, and who served the question.</summary>
/// <param name="Used">Slots in use by clients.</param>
/// <param name="Slots">Slots that a role without privileges can have.</param>
/// <param name="BackendPid">The backend that answered: behind a pooler not the one that the session was opened on.</param>
/// <param name="Evicted">How many idle sessions were terminated to make room.</param>
internal readonly record struct ServerLoad(int Used, int Slots, int BackendPid, int Evicted)
{
    /// <summary>The share of slots in use.</summary>
    public double Share => Slots > 0 ? (double)Used / Slots : 1;
}
