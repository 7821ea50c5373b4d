using NativeLambda.Benchmarks.Contenders;
using NativeLambda.Benchmarks.Profiling;
using NativeLambda.Benchmarks.Wire;

namespace NativeLambda.Benchmarks.Running;

/// <summary>What can be counted: flights to the server, and instructions. The profile of this repository's own function is kept.</summary>
internal sealed class CountSection(BenchOptions options) : ISection
{
    private const int WarmInvocations = 101; // so many that a collection among them is shared by all

    public string Name => "count";

    /// <summary>The profile of this repository's own function; nothing where it could not be made.</summary>
    public CallgrindProfile? Profile { get; private set; }

    /// <summary>The flights of each function, by what they begin with.</summary>
    public Dictionary<string, IReadOnlyList<string>> Flights { get; } = [];

    public int CountSteps(IReadOnlyList<Contender> contenders) => contenders.Count * 2;

    public async Task RunAsync(SectionContext context, CancellationToken cancellationToken)
    {
        await context.InterleaveAsync(
            1,
            contender =>
            {
                IReadOnlyList<WireConnection> connections = ColdStartCounter.CountFlights(contender.Program, ColdSection.Event, context.Time, cancellationToken);
                context.Results.Add(contender.Key, Metrics.Flights, connections.Sum(static connection => connection.Flights.Count));
                Flights[contender.Key] = [.. connections.SelectMany(static connection => connection.Flights).Select(static flight => flight.Message.Name)];
            },
            cancellationToken);
        SectionContext counted = options.CountsInstructionsOfAll
            ? context
            : context with { Contenders = [.. context.Contenders.Where(static contender => contender.Kind == PeerKind.Ours)] };
        await counted.InterleaveAsync(1, contender => CountInstructions(context, contender, cancellationToken), cancellationToken);
    }

    private void CountInstructions(SectionContext context, Contender contender, CancellationToken cancellationToken)
    {
        using Callgrind callgrind = Callgrind.Prepare(contender.Program);
        for (int run = 0; run < options.InstructionRuns; run++)
        {
            CallgrindProfile profile = callgrind.Measure(ColdSection.Event, 1, context.Time, cancellationToken);
            context.Results.Add(contender.Key, Metrics.Instructions, profile.Instructions);
            if (contender.Kind == PeerKind.Ours) Profile = profile;
        }

        if (context.Results[contender.Key, Metrics.Instructions] is not { } once) return;
        long more = callgrind.Measure(ColdSection.Event, WarmInvocations, context.Time, cancellationToken).Instructions;
        context.Results.Add(contender.Key, Metrics.WarmInstructions, (more - once.Median) / (WarmInvocations - 1));
    }
}
