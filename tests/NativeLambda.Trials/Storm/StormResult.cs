using NativeLambda.Reporting.Statistics;

namespace NativeLambda.Trials.Storm;

/// <summary>What a function made of the storm.</summary>
internal sealed record StormResult
{
    /// <summary>Who it was.</summary>
    public required Contender Contender { get; init; }

    /// <summary>The waves.</summary>
    public required IReadOnlyList<WaveResult> Waves { get; init; }

    /// <summary>The function's sessions over time.</summary>
    public required IReadOnlyList<BackendSample> Samples { get; init; }

    /// <summary>What the server has counted.</summary>
    public required ServerCounts Server { get; init; }

    /// <summary>What the environments have logged.</summary>
    public required LogCounts Log { get; init; }

    /// <summary>The writes against the rows.</summary>
    public required LedgerCheck Ledger { get; init; }

    /// <summary>What the server says it is.</summary>
    public required string ServerVersion { get; init; }

    public IEnumerable<StormAnswer> Answers => Waves.SelectMany(static wave => wave.Answers);

    public int Requests => Waves.Sum(static wave => wave.Answers.Count);

    public int Good => Waves.Sum(static wave => wave.Good);

    public int PeakBackends => Samples.Count > 0 ? Samples.Max(static sample => sample.Backends) : 0;

    /// <summary>How often each answer was given, most frequent first.</summary>
    public IReadOnlyList<(string Label, int Count)> Statuses =>
        [.. Answers.CountBy(static answer => answer.Label).OrderByDescending(static pair => pair.Value).Select(static pair => (pair.Key, pair.Value))];

    /// <summary>How long the callers waited, whatever the answer.</summary>
    public Percentiles Waits => Percentiles.Of(Answers.Select(static answer => answer.Took));

    /// <summary>Whether every request was answered with 200 or 201 and no write was lost or doubled.</summary>
    public bool IsPerfect => Good == Requests && Ledger.IsClean;
}
