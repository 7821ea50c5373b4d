using NativeLambda.Reporting.Statistics;

namespace NativeLambda.Trials.Storm;

/// <summary>What came of one wave.</summary>
/// <param name="Wave">Its number, from 1.</param>
/// <param name="Answers">Its answers.</param>
/// <param name="Environments">How many environments there were when it was over.</param>
/// <param name="Served">How many of them this wave's requests had reached.</param>
/// <param name="Took">From the first request to the last answer.</param>
internal sealed record WaveResult(int Wave, IReadOnlyList<StormAnswer> Answers, int Environments, int Served, TimeSpan Took)
{
    /// <summary>How many answers were 200 or 201.</summary>
    public int Good => Answers.Count(static answer => answer.IsGood);

    /// <summary>How long the callers waited, Init included, whatever the answer.</summary>
    public Percentiles Waits => Percentiles.Of(Answers.Select(static answer => answer.Took));
}
