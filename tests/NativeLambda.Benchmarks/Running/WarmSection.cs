using NativeLambda.Benchmarks.Contenders;
using NativeLambda.Benchmarks.Measuring;
using NativeLambda.Reporting.Statistics;

namespace NativeLambda.Benchmarks.Running;

/// <summary>Warm invocations one after the other: from the event to the answer, and the CPU time of everything between two events.</summary>
internal sealed class WarmSection(BenchOptions options) : ISection
{
    public string Name => "warm";

    public int CountSteps(IReadOnlyList<Contender> contenders) => options.WarmProcesses * contenders.Count;

    public Task RunAsync(SectionContext context, CancellationToken cancellationToken) => context.InterleaveAsync(
        options.WarmProcesses,
        contender =>
        {
            using LiveFunction function = LiveFunction.Start(contender.Program, context.Time, cancellationToken);
            for (int index = 0; index < options.WarmUp; index++) function.Invoke(ColdSection.Event, cancellationToken);
            var times = new double[options.WarmInvocations];
            TimeSpan before = function.Process.CpuTime;
            for (int index = 0; index < times.Length; index++)
            {
                Invocation invocation = function.Invoke(ColdSection.Event, cancellationToken);
                times[index] = context.Time.GetElapsedTime(invocation.SentAt, invocation.AnsweredAt).TotalMilliseconds;
            }

            TimeSpan cpu = function.Process.CpuTime - before;
            var distribution = new Distribution(times);
            context.Results.Add(contender.Key, Metrics.WarmP50, distribution.Median);
            context.Results.Add(contender.Key, Metrics.WarmP99, distribution.Quantile(0.99));
            context.Results.Add(contender.Key, Metrics.WarmCpu, cpu.TotalMicroseconds / times.Length);
            context.Results.Add(contender.Key, Metrics.WarmMemory, function.Process.ReadState().PeakMemory / 1048576.0);
        },
        cancellationToken);
}
