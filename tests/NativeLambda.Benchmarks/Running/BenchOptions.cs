namespace NativeLambda.Benchmarks.Running;

/// <summary>What is measured, and how often.</summary>
internal sealed record BenchOptions
{
    /// <summary>Cold starts of each function.</summary>
    public int Samples { get; init; } = 60;

    /// <summary>Processes of each function whose warm latency is measured.</summary>
    public int WarmProcesses { get; init; } = 10;

    /// <summary>Invocations of each of these, one after the other.</summary>
    public int WarmInvocations { get; init; } = 500;

    /// <summary>Invocations of each before, which do not count.</summary>
    public int WarmUp { get; init; } = 100;

    /// <summary>Processes at once.</summary>
    public int FleetSize { get; init; } = 8;

    /// <summary>How often each fleet is driven.</summary>
    public int FleetRounds { get; init; } = 5;

    /// <summary>For how long.</summary>
    public TimeSpan FleetTime { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Processes of each function that are frozen and thawed.</summary>
    public int ThawProcesses { get; init; } = 10;

    /// <summary>For how long they are frozen.</summary>
    public IReadOnlyList<TimeSpan> Gaps { get; init; } = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60)];

    /// <summary>What a flight to the server takes longer.</summary>
    public IReadOnlyList<TimeSpan> Delays { get; init; } =
        [TimeSpan.Zero, TimeSpan.FromMilliseconds(0.5), TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(5)];

    /// <summary>Cold starts of each function at each delay.</summary>
    public int DelaySamples { get; init; } = 40;

    /// <summary>The memory sizes whose CPU share is given, in MB.</summary>
    public IReadOnlyList<int> MemorySizes { get; init; } = [128, 256, 512, 1024, 1769];

    /// <summary>Cold starts of each function at each memory size, with Init throttled and not.</summary>
    public int MemorySamples { get; init; } = 15;

    /// <summary>How often the instructions are counted.</summary>
    public int InstructionRuns { get; init; } = 3;

    /// <summary>Whether they are counted of all, or of this repository's function only: under valgrind some take half a minute.</summary>
    public bool CountsInstructionsOfAll { get; init; } = true;

    /// <summary>The seed of the orders and of the resampling.</summary>
    public required int Seed { get; init; }

    /// <summary>A third of everything and no long gap: in under three minutes, for a look.</summary>
    public static BenchOptions Quick(int seed) => new()
    {
        Seed = seed,
        Samples = 20,
        WarmProcesses = 3,
        WarmInvocations = 200,
        WarmUp = 50,
        FleetSize = 4,
        FleetRounds = 2,
        FleetTime = TimeSpan.FromMilliseconds(500),
        ThawProcesses = 4,
        Gaps = [TimeSpan.FromSeconds(1)],
        DelaySamples = 6,
        MemorySizes = [128, 1769],
        MemorySamples = 3,
        InstructionRuns = 1,
        CountsInstructionsOfAll = false,
    };
}
