namespace NativeLambda.Emulator.Dashboard.Feed;

/// <summary>Counts invocations and takes the percentiles of the recent ones, for each function and for all.</summary>
internal sealed class InvocationMetrics(TimeProvider time)
{
    /// <summary>What percentiles and the cold starts' share are taken of.</summary>
    internal static readonly TimeSpan Window = TimeSpan.FromSeconds(60);

    /// <summary>What the rate is taken of.</summary>
    internal static readonly TimeSpan RateWindow = TimeSpan.FromSeconds(5);

    /// <summary>How many invocations a window holds at most; with more in a minute it is shorter.</summary>
    internal const int Kept = 20_000;

    private readonly Lock _gate = new();
    private readonly Queue<Sample> _samples = new();
    private readonly Dictionary<string, Totals> _totals = [];

    public void Record(string function, TimeSpan duration, bool cold, bool failed)
    {
        lock (_gate)
        {
            _totals.TryGetValue(function, out Totals totals);
            _totals[function] = new Totals(
                totals.Invocations + 1, totals.ColdStarts + (cold ? 1 : 0), totals.Failures + (failed ? 1 : 0));
            _samples.Enqueue(new Sample(function, time.GetTimestamp(), duration, cold));
            if (_samples.Count > Kept) _samples.Dequeue();
        }
    }

    /// <summary>The figures as of now.</summary>
    /// <param name="function">Of which function; null for all.</param>
    public MetricsReading Read(string? function = null)
    {
        lock (_gate)
        {
            while (_samples.TryPeek(out Sample oldest) && time.GetElapsedTime(oldest.Timestamp) > Window) _samples.Dequeue();
            Sample[] samples = [.. _samples.Where(sample => function is null || sample.Function == function)];
            Totals[] totals = [.. _totals.Where(pair => function is null || pair.Key == function).Select(static pair => pair.Value)];
            TimeSpan[] durations = [.. samples.Select(static sample => sample.Duration).Order()];
            return new MetricsReading
            {
                PerSecond = samples.Count(sample => time.GetElapsedTime(sample.Timestamp) <= RateWindow) / RateWindow.TotalSeconds,
                P50 = Percentile(durations, 0.50),
                P99 = Percentile(durations, 0.99),
                RecentInvocations = samples.Length,
                RecentColdStarts = samples.Count(static sample => sample.Cold),
                Invocations = totals.Sum(static total => total.Invocations),
                ColdStarts = totals.Sum(static total => total.ColdStarts),
                Failures = totals.Sum(static total => total.Failures),
            };
        }
    }

    /// <summary>The smallest value that so large a share of all does not exceed (nearest rank).</summary>
    private static TimeSpan? Percentile(TimeSpan[] sorted, double share) =>
        sorted.Length == 0 ? null : sorted[(int)Math.Ceiling(share * sorted.Length) - 1];

    private readonly record struct Sample(string Function, long Timestamp, TimeSpan Duration, bool Cold);

    private readonly record struct Totals(long Invocations, long ColdStarts, long Failures);
}
