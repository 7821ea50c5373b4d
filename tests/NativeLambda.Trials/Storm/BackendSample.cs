namespace NativeLambda.Trials.Storm;

/// <summary>The function's sessions at one moment.</summary>
/// <param name="At">Since the storm began.</param>
/// <param name="Backends">How many there were.</param>
/// <param name="Idle">How many of them waited for a statement: those of frozen environments, and those between two statements.</param>
internal readonly record struct BackendSample(TimeSpan At, int Backends, int Idle);
