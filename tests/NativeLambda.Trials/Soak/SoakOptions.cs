namespace NativeLambda.Trials.Soak;

/// <summary>What to run, for how long.</summary>
internal sealed record SoakOptions
{
    /// <summary>The published bootstrap; the schema stands beside it.</summary>
    public required string Bootstrap { get; init; }

    /// <summary>The seed of the plan.</summary>
    public required ulong Seed { get; init; }

    /// <summary>How long clients ask and faults happen. What follows, the last answers and the check, comes on top.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>The most execution environments at once.</summary>
    public int Environments { get; init; } = 8;

    /// <summary>How many processors the function believes to have, which is how many threads its pool begins with. Default: the machine's.</summary>
    public int? Processors { get; init; }

    /// <summary>How long a write with a key is repeated. Default: longer than any fault lasts.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Where the whole log of the function goes, or nowhere.</summary>
    public string? LogFile { get; init; }

    /// <summary>How many clients ask at once: fewer than there are environments, because an environment tidies up after its answer.</summary>
    public int Clients => Math.Max(1, Environments * 3 / 4);
}
