using NativeLambda.Benchmarks.Contenders;
using NativeLambda.Benchmarks.Measuring;

namespace NativeLambda.Benchmarks.Running;

/// <summary>The invocations a second of several processes that are all driven as fast as they answer.</summary>
internal sealed class FleetSection(BenchOptions options) : ISection
{
    private const int WarmUp = 20;

    public string Name => "fleet";

    public int CountSteps(IReadOnlyList<Contender> contenders) => options.FleetRounds * contenders.Count;

    public Task RunAsync(SectionContext context, CancellationToken cancellationToken) => context.InterleaveAsync(
        options.FleetRounds,
        async contender =>
        {
            var fleet = new List<LiveFunction>();
            try
            {
                for (int index = 0; index < options.FleetSize; index++)
                {
                    fleet.Add(LiveFunction.Start(contender.Program, context.Time, cancellationToken));
                    for (int warm = 0; warm < WarmUp; warm++) fleet[^1].Invoke(ColdSection.Event, cancellationToken);
                }

                long start = context.Time.GetTimestamp();
                int[] counts = await Task.WhenAll(fleet.Select(function => Task.Factory.StartNew(
                    () => Drive(function, start, context.Time, cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
                context.Results.Add(contender.Key, Metrics.FleetRate, counts.Sum() / context.Time.GetElapsedTime(start).TotalSeconds);
            }
            finally
            {
                foreach (LiveFunction function in fleet) function.Dispose();
            }
        },
        cancellationToken);

    private int Drive(LiveFunction function, long start, TimeProvider time, CancellationToken cancellationToken)
    {
        int count = 0;
        for (; time.GetElapsedTime(start) < options.FleetTime; count++) function.Invoke(ColdSection.Event, cancellationToken);
        return count;
    }
}
