using System.Collections.Concurrent;

namespace NativeLambda.Trials.Gateway.Faults;

/// <summary>What the gateway's process holds.</summary>
/// <param name="ResidentKiB">Its memory.</param>
/// <param name="Descriptors">Its open files and sockets.</param>
/// <param name="Threads">Its threads.</param>
internal readonly record struct ProcessHoldings(long ResidentKiB, int Descriptors, int Threads)
{
    public static ProcessHoldings Of(int pid)
    {
        string[] status = File.ReadAllLines($"/proc/{pid}/status");
        return new ProcessHoldings(Number(status, "VmRSS:"), Directory.GetFileSystemEntries($"/proc/{pid}/fd").Length, (int)Number(status, "Threads:"));
    }

    public override string ToString() => $"{ResidentKiB / 1024.0:F1} MiB, {Descriptors} descriptors, {Threads} threads";

    private static long Number(string[] status, string name) =>
        long.Parse(status.First(line => line.StartsWith(name, StringComparison.Ordinal)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>What came of the trial.</summary>
internal sealed class FaultResult
{
    /// <summary>How often a kind was answered by a status; 0 for a client that had gone, -1 for a stream that was broken off.</summary>
    public ConcurrentDictionary<(FaultKind Kind, int Status), int> Answers { get; } = new();

    /// <summary>What must not be, each with its request.</summary>
    public ConcurrentQueue<string> Violations { get; } = new();

    /// <summary>After the first of the requests: <see cref="FaultOptions.WarmAfter"/>.</summary>
    public ProcessHoldings Warm { get; set; }

    /// <summary>After the last one, when all clients had gone.</summary>
    public ProcessHoldings End { get; set; }

    /// <summary>The least that was held of the managed heap soon after that, and towards the end.</summary>
    public HeapHeld? WarmHeap { get; set; }

    /// <inheritdoc cref="WarmHeap"/>
    public HeapHeld? EndHeap { get; set; }

    public int Total => Answers.Values.Sum();

    public int Count(FaultKind kind, int status) => Answers.GetValueOrDefault((kind, status));
}
