namespace NativeLambda.Trials.Fleet;

/// <summary>How large the fleet is, and how long it is watched.</summary>
internal sealed record FleetOptions
{
    /// <summary>Environments that are frozen at once.</summary>
    public required int Environments { get; init; }

    /// <summary>How long they are watched.</summary>
    public required TimeSpan Watch { get; init; }

    /// <summary>Bursts of invocations, each of which starts environments that are ended after it.</summary>
    public required int Bursts { get; init; }

    /// <summary>Invocations at once in a burst.</summary>
    public required int BurstSize { get; init; }
}
