namespace NativeLambda.Trials.Soak.Judging;

/// <summary>Something that must not be.</summary>
/// <param name="What">A sentence.</param>
/// <param name="RequestId">The invocation that it was seen in, or nothing.</param>
/// <param name="Start">When that began, since the start of the trial.</param>
/// <param name="End">When that ended.</param>
internal sealed record Violation(string What, string? RequestId = null, TimeSpan Start = default, TimeSpan End = default);
