namespace NativeLambda.Gateway.Access.Limits;

/// <summary>How many requests of a route may be under way at once.</summary>
/// <param name="Requests">At least 1.</param>
/// <param name="Queue">How many more may wait for their turn, the oldest first; 0 refuses them at once.</param>
internal sealed record ConcurrencyLimitOptions(int Requests, int Queue = 0);
