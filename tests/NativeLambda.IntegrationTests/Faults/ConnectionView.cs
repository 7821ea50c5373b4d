namespace NativeLambda.IntegrationTests.Faults;

/// <summary>What <c>GET /connection</c> tells.</summary>
internal sealed record ConnectionView(
    int BackendPid, DateTimeOffset OpenedAt, int Opens, long Invocations, long ReusedFor, double GapMs, string Check, double OpenMs, double InitMs);
