using NativeLambda.Benchmarks.Contenders;
using NativeLambda.Benchmarks.Measuring;

namespace NativeLambda.Benchmarks.Running;

/// <summary>Cold starts: from exec to the first answer.</summary>
internal sealed class ColdSection(BenchOptions options) : ISection
{
    /// <summary>What is asked for in all sections.</summary>
    internal static readonly byte[] Event = LambdaEvent.Get("/products/p1");

    private const int WarmUpRounds = 2; // for the file cache

    public string Name => "cold";

    public int CountSteps(IReadOnlyList<Contender> contenders) => (options.Samples + WarmUpRounds) * contenders.Count;

    public async Task RunAsync(SectionContext context, CancellationToken cancellationToken)
    {
        await context.InterleaveAsync(WarmUpRounds, contender => { Measure(context, contender, cancellationToken); }, cancellationToken);
        await context.InterleaveAsync(options.Samples, contender => Add(context.Results, contender.Key, Measure(context, contender, cancellationToken)), cancellationToken);
    }

    private static ColdStart Measure(SectionContext context, Contender contender, CancellationToken cancellationToken) =>
        ColdStarter.Measure(contender.Program, Event, context.Time, cancellationToken);

    private static void Add(Measurements results, string key, ColdStart start)
    {
        results.Add(key, Metrics.ColdWall, start.Wall.TotalMilliseconds);
        results.Add(key, Metrics.ColdInit, start.Init.TotalMilliseconds);
        results.Add(key, Metrics.ColdFirst, start.FirstInvocation.TotalMilliseconds);
        results.Add(key, Metrics.ColdCpu, start.Cpu.TotalMilliseconds);
        results.Add(key, Metrics.ColdFaults, start.Usage.MinorFaults);
        results.Add(key, Metrics.ColdMemory, start.State.PeakMemory / 1048576.0);
        results.Add(key, Metrics.ColdThreads, start.State.Threads);
    }
}
