namespace NativeLambda.Trials.Gateway.Faults;

/// <summary>How large the trial is.</summary>
internal sealed record FaultOptions
{
    public int Requests { get; init; } = 100_000;

    /// <summary>After how many of them the gateway counts as warm.</summary>
    public int WarmAfter => Math.Min(Requests / 2, 10_000);

    public int Clients { get; init; } = 64;

    public ulong Seed { get; init; }

    /// <summary>How often Lambda is killed.</summary>
    public int Kills { get; init; } = 10;

    /// <summary>How long it stays dead.</summary>
    public TimeSpan KilledFor { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>How long a client waits for an answer before it counts as missing: more than any timeout of the gateway.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);
}
