using System.Globalization;

namespace NativeLambda.Trials.Gateway.Faults;

/// <summary>The gateway's managed heap as its metrics tell it after each collection.</summary>
/// <param name="Bytes">All generations together, after the collection that was the last one then.</param>
/// <param name="Full">How many collections of the oldest generation there were until then.</param>
internal readonly record struct HeapSample(long Bytes, int Full)
{
    /// <summary>Reads Prometheus' text.</summary>
    /// <exception cref="FormatException">Figures of the heap are missing.</exception>
    public static HeapSample Read(string metrics)
    {
        long bytes = 0;
        int full = 0, sizes = 0;
        foreach (string line in metrics.Split('\n'))
        {
            if (line.StartsWith("dotnet_gc_last_collection_heap_size_bytes{", StringComparison.Ordinal))
            {
                bytes += (long)ValueOf(line);
                sizes++;
            }
            else if (line.StartsWith("dotnet_gc_collections_total{", StringComparison.Ordinal) && line.Contains("gc_heap_generation=\"gen2\"", StringComparison.Ordinal)) full = (int)ValueOf(line);
        }
        return sizes > 0 ? new HeapSample(bytes, full) : throw new FormatException("the gateway's metrics tell nothing of its heap");
    }

    // A time may stand behind the value.
    private static double ValueOf(string line) => double.Parse(line[(line.LastIndexOf('}') + 2)..].Split(' ')[0], CultureInfo.InvariantCulture);
}

/// <summary>
/// Looks at the heap all the time. What a collection leaves is garbage of the moment, too; the least of many collections is what is held.
/// </summary>
internal sealed class HeapWatch(Uri metrics, Func<int> finished, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly List<(int Finished, HeapSample Sample)> _samples = [];

    public async Task RunAsync(CancellationToken over)
    {
        using var client = new HttpClient();
        try
        {
            while (true)
            {
                HeapSample sample = HeapSample.Read(await client.GetStringAsync(metrics, over));
                if (sample.Bytes > 0) _samples.Add((finished(), sample)); // none before the first collection
                await Task.Delay(Interval, time, over);
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // All requests are answered.
        }
    }

    /// <summary>What was held while some of the requests were answered; null where nobody looked.</summary>
    public HeapHeld? Between(int from, int to)
    {
        HeapSample[] there = [.. _samples.Where(sample => sample.Finished >= from && sample.Finished <= to).Select(static sample => sample.Sample)];
        return there.Length == 0 ? null : new HeapHeld(there.Min(static sample => sample.Bytes), there[^1].Full - there[0].Full);
    }
}

/// <summary>What a heap held over a time.</summary>
/// <param name="Bytes">The least that a collection left.</param>
/// <param name="Full">How many collections of the oldest generation there were.</param>
internal sealed record HeapHeld(long Bytes, int Full)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Bytes / 1048576.0:F1} MiB of managed heap ({Full} full collections)");
}
