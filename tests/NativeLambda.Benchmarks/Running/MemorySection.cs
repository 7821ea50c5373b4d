using NativeLambda.Benchmarks.Contenders;
using NativeLambda.Benchmarks.Measuring;

namespace NativeLambda.Benchmarks.Running;

/// <summary>Cold starts with the CPU share that Lambda gives to a memory size: Init with all of the processors, as on Lambda, and without.</summary>
internal sealed class MemorySection(BenchOptions options) : ISection
{
    public string Name => "memory";

    public int CountSteps(IReadOnlyList<Contender> contenders) => options.MemorySamples * options.MemorySizes.Count * 2 * contenders.Count;

    public async Task RunAsync(SectionContext context, CancellationToken cancellationToken)
    {
        using ThrottledStarter? starter = ThrottledStarter.TryCreate(context.Time, out string reason);
        if (starter is null)
        {
            context.View.Say($"left out: CPU shares by memory size, for {reason}");
            context.Results.Fail("everybody", Name, reason);
            return;
        }

        (int Size, bool ThrottledInit)[] all = [.. options.MemorySizes.SelectMany(static size => new[] { (size, false), (size, true) })];
        await context.InterleaveAsync(
            options.MemorySamples,
            async contender =>
            {
                (int Size, bool ThrottledInit)[] order = [.. all];
                context.Random.Shuffle(order);
                foreach ((int index, (int size, bool throttledInit)) in order.Index())
                {
                    if (index > 0) context.View.Step(Name, contender.Title);
                    TimeSpan wall = await starter.MeasureAsync(contender.Program, size, throttledInit, ColdSection.Event, cancellationToken);
                    context.Results.Add(contender.Key, Metrics.Memory(size, throttledInit), wall.TotalMilliseconds);
                }
            },
            cancellationToken);
    }
}
