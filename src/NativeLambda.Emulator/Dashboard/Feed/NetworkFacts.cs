namespace NativeLambda.Emulator.Dashboard.Feed;

/// <summary>What is known of the proxy before the database.</summary>
/// <param name="Dropped">Whether all packets vanish, until it is restored.</param>
/// <param name="Flows">Connections that are open, dropped ones included.</param>
internal sealed record NetworkFacts(bool Dropped, int Flows);
