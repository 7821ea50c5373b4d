using System.Globalization;
using System.Text;
using NativeLambda.Reporting.Statistics;

namespace NativeLambda.Trials.Storm;

/// <summary>The storm as text, and as a table for documents.</summary>
internal static class StormReport
{
    /// <summary>One wave on one line.</summary>
    public static string Wave(Contender contender, WaveResult wave, int backends) => string.Create(
        CultureInfo.InvariantCulture,
        $"  {contender.Name}, wave {wave.Wave}: {wave.Good} of {wave.Answers.Count} good in {wave.Took.TotalSeconds:0.0} s, {Waits(wave.Waits)}; {wave.Served} of {wave.Environments} environments served, all frozen, {backends} backends left");

    /// <summary>Everything about one function.</summary>
    public static string Describe(StormResult result)
    {
        var text = new StringBuilder();
        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

        Line($"{result.Contender.Name}");
        Line($"  answers          {result.Good} of {result.Requests} good: {string.Join(", ", result.Statuses.Select(static status => $"{status.Label}: {status.Count}"))}");
        Line($"  waiting          {Waits(result.Waits)} at the caller, Init included");
        Line($"  connections      {result.Server.Opens} opened, {result.Server.Refusals} attempts refused, at most {result.PeakBackends} at once");
        Line($"  given back       {result.Log.Releases} before the freeze, {result.Server.IdleDisconnects} by the server's idle timeout, {result.Server.Evictions} evicted");
        Line($"  Init             {result.Log.InitsWithoutDatabase} went on without a database, {result.Log.InitTimeouts} ended by Lambda");
        Line($"  writes           {result.Ledger.Acknowledged} acknowledged, {result.Ledger.Rows} rows: {result.Ledger.Lost} lost, {result.Ledger.Doubled} doubled, {result.Ledger.Unacknowledged} unacknowledged ones are there; the stock is {(result.Ledger.StockIsSum ? "" : "NOT ")}the sum of the movements");
        return text.ToString();
    }

    /// <summary>All functions as a Markdown table.</summary>
    public static string Table(IReadOnlyList<StormResult> results)
    {
        var text = new StringBuilder("| | good | other answers | p50 / p99 / max s | opened | refused | released / idle timeout / evicted | peak | writes: acknowledged, lost, doubled |\n|---|---|---|---|---|---|---|---|---|\n");
        foreach (StormResult result in results)
        {
            string bad = string.Join(", ", result.Statuses.Where(static status => status.Label is not ("200" or "201")).Select(static status => $"{status.Count} × {status.Label}"));
            Percentiles waits = result.Waits;
            text.Append(string.Create(
                CultureInfo.InvariantCulture,
                $"| {result.Contender.Name} | {result.Good} of {result.Requests} | {(bad.Length > 0 ? bad : "none")} | {waits.P50.TotalSeconds:0.00} / {waits.P99.TotalSeconds:0.00} / {waits.Max.TotalSeconds:0.00} | {result.Server.Opens} | {result.Server.Refusals} | {result.Log.Releases} / {result.Server.IdleDisconnects} / {result.Server.Evictions} | {result.PeakBackends} | {result.Ledger.Acknowledged}, {result.Ledger.Lost}, {result.Ledger.Doubled} |\n"));
        }

        return text.ToString();
    }

    private static string Waits(Percentiles waits) => string.Create(
        CultureInfo.InvariantCulture, $"p50 {waits.P50.TotalSeconds:0.00} s, p99 {waits.P99.TotalSeconds:0.00} s, max {waits.Max.TotalSeconds:0.00} s");
}
