using NativeLambda.Benchmarks.Contenders;
using NativeLambda.Benchmarks.Measuring;
using NativeLambda.Benchmarks.Wire;

namespace NativeLambda.Benchmarks.Running;

/// <summary>Cold starts over a network on which each flight to the server takes longer; and what a time line of them shows.</summary>
internal sealed class NetworkSection(BenchOptions options) : ISection
{
    public string Name => "network";

    public int CountSteps(IReadOnlyList<Contender> contenders) => options.DelaySamples * options.Delays.Count * contenders.Count;

    public async Task RunAsync(SectionContext context, CancellationToken cancellationToken)
    {
        using var proxy = new FlightProxy(context.Server.Port, context.Time);
        (string, string) port = ("PGPORT", BenchServer.Text(proxy.Port));
        // The delays are interleaved as well: a round has all of them.
        await context.InterleaveAsync(
            options.DelaySamples,
            contender =>
            {
                TimeSpan[] delays = [.. options.Delays];
                context.Random.Shuffle(delays);
                foreach (TimeSpan delay in delays)
                {
                    proxy.Delay = delay;
                    proxy.Forget();
                    ColdStart start = ColdStarter.Measure(contender.Program.With(port), ColdSection.Event, context.Time, cancellationToken);
                    context.Results.Add(contender.Key, Metrics.Network(delay), start.Wall.TotalMilliseconds);
                    if (delay == TimeSpan.Zero) AddParts(context, contender, start, proxy.FlightsUntil(start.AnsweredAt));
                    if (delay != options.Delays[^1]) context.View.Step(Name, contender.Title);
                }
            },
            cancellationToken);
    }

    private static void AddParts(SectionContext context, Contender contender, ColdStart start, IReadOnlyList<WireConnection> connections)
    {
        if (TimeLine.Of(start, connections, context.Time) is not { } parts) return;
        context.Results.Add(contender.Key, Metrics.Part(TimeLine.Waiting), TimeLine.WaitingIn(connections, context.Time).TotalMilliseconds);
        foreach ((string part, TimeSpan time) in parts) context.Results.Add(contender.Key, Metrics.Part(part), time.TotalMilliseconds);
    }
}
