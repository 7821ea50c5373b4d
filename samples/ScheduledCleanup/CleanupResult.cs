namespace NativeLambda.Samples.ScheduledCleanup;

/// <summary>What was done. Nobody reads it but the log of whoever invokes by hand: EventBridge does not.</summary>
/// <param name="Deleted">How many sessions are gone.</param>
/// <param name="Finished">Whether there is none left that had expired; if not, the next schedule goes on.</param>
internal sealed record CleanupResult(long Deleted, bool Finished);
