namespace NativeLambda.Database;

/// <summary>Why a connection is closed.</summary>
/// <param name="Cause">The cause.</param>
/// <param name="Detail">What the log says besides.</param>
/// <param name="Gap">The gap, where the thaw check decided.</param>
internal readonly record struct CloseReason(CloseCause Cause, string? Detail = null, TimeSpan? Gap = null);
