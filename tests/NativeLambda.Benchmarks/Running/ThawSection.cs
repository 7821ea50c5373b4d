using System.Globalization;
using NativeLambda.Benchmarks.Contenders;
using NativeLambda.Benchmarks.Measuring;

namespace NativeLambda.Benchmarks.Running;

/// <summary>The first answer after a freeze: all processes of all functions stand still at once, and are then thawed one after the other.</summary>
internal sealed class ThawSection(BenchOptions options) : ISection
{
    // Over the idle limit of this repository's function, which is lowered for that: the others know of none.
    private const string MaxIdleVariable = "NATIVELAMBDA_MAX_IDLE";
    private static readonly TimeSpan MaxIdle = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan OverMaxIdle = TimeSpan.FromSeconds(3);

    public string Name => "thaw";

    public int CountSteps(IReadOnlyList<Contender> contenders) => options.ThawProcesses * contenders.Count * 2 * (options.Gaps.Count + 1);

    public async Task RunAsync(SectionContext context, CancellationToken cancellationToken)
    {
        foreach (TimeSpan gap in options.Gaps)
            await MeasureAsync(context, gap, Metrics.Thaw(gap), static program => program, cancellationToken);
        await MeasureAsync(
            context,
            OverMaxIdle,
            Metrics.ThawOverMaxIdle,
            static program => program.With((MaxIdleVariable, string.Create(CultureInfo.InvariantCulture, $"{MaxIdle.TotalSeconds:0}s"))),
            cancellationToken);
    }

    private async Task MeasureAsync(
        SectionContext context, TimeSpan gap, string metric, Func<FunctionProgram, FunctionProgram> prepare, CancellationToken cancellationToken)
    {
        var frozen = new Dictionary<Contender, Queue<LiveFunction>>();
        try
        {
            await context.InterleaveAsync(
                options.ThawProcesses,
                contender =>
                {
                    LiveFunction function = LiveFunction.Start(prepare(contender.Program), context.Time, cancellationToken);
                    if (!frozen.TryGetValue(contender, out Queue<LiveFunction>? waiting)) frozen.Add(contender, waiting = []);
                    waiting.Enqueue(function);
                    function.Invoke(ColdSection.Event, cancellationToken);
                    function.Invoke(ColdSection.Event, cancellationToken);
                    function.Freeze();
                },
                cancellationToken);
            await Task.Delay(gap, context.Time, cancellationToken);
            await context.InterleaveAsync(
                options.ThawProcesses,
                contender =>
                {
                    if (!frozen.TryGetValue(contender, out Queue<LiveFunction>? waiting) || !waiting.TryDequeue(out LiveFunction? function)) return;
                    using (function)
                    {
                        long start = context.Time.GetTimestamp();
                        function.Thaw();
                        Invocation invocation = function.Invoke(ColdSection.Event, cancellationToken);
                        context.Results.Add(contender.Key, metric, context.Time.GetElapsedTime(start, invocation.AnsweredAt).TotalMilliseconds);
                    }
                },
                cancellationToken);
        }
        finally
        {
            foreach (LiveFunction function in frozen.Values.SelectMany(static waiting => waiting)) function.Dispose();
        }
    }
}
