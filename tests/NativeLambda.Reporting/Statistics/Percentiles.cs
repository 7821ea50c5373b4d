namespace NativeLambda.Reporting.Statistics;

/// <summary>The usual figures of a set of durations; percentiles by nearest rank.</summary>
/// <param name="P50">Half of them do not exceed it.</param>
/// <param name="P99">99 % of them do not exceed it.</param>
/// <param name="Max">The longest.</param>
internal readonly record struct Percentiles(TimeSpan P50, TimeSpan P99, TimeSpan Max)
{
    /// <summary>The figures; zeros where there is no duration.</summary>
    public static Percentiles Of(IEnumerable<TimeSpan> durations)
    {
        TimeSpan[] sorted = [.. durations.Order()];
        return sorted.Length == 0 ? default : new Percentiles(Rank(sorted, 0.50), Rank(sorted, 0.99), sorted[^1]);
    }

    private static TimeSpan Rank(TimeSpan[] sorted, double share) => sorted[Math.Max(0, (int)Math.Ceiling(sorted.Length * share) - 1)];
}
