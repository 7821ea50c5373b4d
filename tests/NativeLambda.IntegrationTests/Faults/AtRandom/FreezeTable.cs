using System.Text;
using NativeLambda.Reporting.Statistics;

namespace NativeLambda.IntegrationTests.Faults.AtRandom;

/// <summary>The figures of a run as a table, a line for each fault.</summary>
internal static class FreezeTable
{
    public static string Of(IReadOnlyCollection<FreezeRound> rounds)
    {
        var table = new StringBuilder("| fault | freezes | answers | opens | p50 ms | p99 ms | max ms |\n|---|---|---|---|---|---|---|\n");
        foreach (IGrouping<FreezeFault, FreezeRound> fault in rounds.GroupBy(round => round.Fault).OrderBy(group => group.Key))
            Append(table, fault.Key.ToString(), [.. fault]);
        Append(table, "all", rounds);
        return table.ToString();
    }

    private static void Append(StringBuilder table, string name, IReadOnlyCollection<FreezeRound> rounds)
    {
        IEnumerable<string> answers = rounds.GroupBy(round => round.Status).OrderBy(group => group.Key).Select(group => $"{group.Key} × {group.Count()}");
        var took = Percentiles.Of(rounds.Select(round => round.Took));
        table.AppendLine(FormattableString.Invariant(
            $"| {name} | {rounds.Count} | {string.Join(", ", answers)} | {rounds.Sum(round => round.Opens)} | {took.P50.TotalMilliseconds:0} | {took.P99.TotalMilliseconds:0} | {took.Max.TotalMilliseconds:0} |"));
    }
}
