namespace NativeLambda.Trials.Soak.Running;

/// <summary>Durations in classes of 2 %, so that any number of them fits.</summary>
internal sealed class LatencyHistogram
{
    private const double Step = 1.02;
    private static readonly TimeSpan Least = TimeSpan.FromMicroseconds(10);

    private readonly SortedDictionary<int, long> _classes = [];
    private long _count;

    public void Add(TimeSpan duration)
    {
        double ratio = Math.Max(1, duration / Least);
        int at = (int)(Math.Log(ratio) / Math.Log(Step));
        _classes[at] = _classes.GetValueOrDefault(at) + 1;
        _count++;
    }

    /// <summary>The duration that a share of all stays below, in ms; 0 without any.</summary>
    public double Quantile(double share)
    {
        long wanted = (long)Math.Ceiling(_count * share);
        long sum = 0;
        foreach ((int at, long count) in _classes)
        {
            sum += count;
            if (sum >= wanted)
                return Math.Round((Least * Math.Pow(Step, at + 1)).TotalMilliseconds, 2);
        }

        return 0;
    }
}
