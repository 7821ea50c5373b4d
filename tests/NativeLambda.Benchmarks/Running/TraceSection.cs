using NativeLambda.Benchmarks.Contenders;
using NativeLambda.Benchmarks.Profiling;

namespace NativeLambda.Benchmarks.Running;

/// <summary>The system calls of this repository's own cold start.</summary>
internal sealed class TraceSection : ISection
{
    public string Name => "trace";

    /// <summary>What was seen; nothing where nothing was.</summary>
    public TracedStart? Result { get; private set; }

    public int CountSteps(IReadOnlyList<Contender> contenders) => 1;

    public Task RunAsync(SectionContext context, CancellationToken cancellationToken) =>
        (context with { Contenders = [.. context.Contenders.Where(static contender => contender.Kind == PeerKind.Ours)] }).InterleaveAsync(
            1,
            contender =>
            {
                (SystemCallTrace trace, TimeSpan wall) = SystemCallTracer.Trace(contender.Program, ColdSection.Event, context.Time, cancellationToken);
                Result = new TracedStart(trace, wall);
            },
            cancellationToken);
}
