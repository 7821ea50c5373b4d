using NativeLambda.Benchmarks.Profiling;

namespace NativeLambda.Benchmarks.Running;

/// <summary>A cold start under strace.</summary>
/// <param name="Calls">What strace saw.</param>
/// <param name="Wall">How long it took under strace: against the time without, this is the distortion.</param>
internal sealed record TracedStart(SystemCallTrace Calls, TimeSpan Wall);
