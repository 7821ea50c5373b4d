using System.Text.Json;
using NativeLambda.Trials.Soak.Judging;

namespace NativeLambda.Trials.Soak.Running;

/// <summary>The figures of a trial.</summary>
internal sealed record SoakReport
{
    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public required ulong Seed { get; init; }

    public required string Plan { get; init; }

    public required double Seconds { get; init; }

    public required int Environments { get; init; }

    public required int Clients { get; init; }

    public required string Postgres { get; init; }

    public required long Requests { get; init; }

    public required IReadOnlyDictionary<string, long> Answers { get; init; }

    public required IReadOnlyDictionary<string, int> Faults { get; init; }

    public required IReadOnlyDictionary<string, long> Lifetime { get; init; }

    /// <summary>Connections that reached the proxy: opens, and requests to cancel.</summary>
    public required long Connections { get; init; }

    /// <summary>How often a client sent a write with a key again.</summary>
    public required long Repeats { get; init; }

    public required double P50Ms { get; init; }

    public required double P99Ms { get; init; }

    /// <summary>Of requests that were not under way during any fault.</summary>
    public required double QuietP50Ms { get; init; }

    /// <inheritdoc cref="QuietP50Ms"/>
    public required double QuietP99Ms { get; init; }

    public required Verdict Verdict { get; init; }

    /// <summary>Everything that must not be: what was seen on the way and what the tables showed.</summary>
    public required IReadOnlyList<Violation> Violations { get; init; }

    public bool IsContent => Violations.Count == 0;

    public string ToJson() => JsonSerializer.Serialize(this, Form);

    public void Write(TextWriter output)
    {
        static string List<T>(IEnumerable<KeyValuePair<string, T>> counts) => string.Join(", ", counts.Select(count => $"{count.Key} × {count.Value}"));
        output.WriteLine(FormattableString.Invariant($"""
            seed {Seed}, plan {Plan}: {Seconds:0} s, {Clients} clients, {Environments} environments, {Postgres}
            requests   {Requests}: {List(Answers)}
            faults     {Faults.Values.Sum()}: {List(Faults)}
            lifetime   {Connections} connections: {List(Lifetime)}
            latency    p50 {P50Ms} ms, p99 {P99Ms} ms; without faults p50 {QuietP50Ms} ms, p99 {QuietP99Ms} ms
            writes     {Verdict.Acknowledged} acknowledged, {Verdict.Missing} of them missing, {Verdict.Doubled} writes doubled, {Verdict.Uninvited} uninvited
                       {Verdict.Unknown} unknown ({Verdict.UnknownFound} of them made, once), {Verdict.Refused} refused, {Verdict.NotDone} turned away, {Repeats} repeats with a key
            reads      {Verdict.Reads} stocks compared with the movements
            verdict    {(IsContent ? "the oracle is content" : $"{Violations.Count} VIOLATIONS (replay with --seed {Seed})")}
            """));
        foreach (Violation violation in Violations)
            output.WriteLine(FormattableString.Invariant($"           {violation.Start:mm\\:ss\\.fff} to {violation.End:mm\\:ss\\.fff} {violation.RequestId}: {violation.What}"));
    }
}
