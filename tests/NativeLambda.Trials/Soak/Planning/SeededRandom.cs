namespace NativeLambda.Trials.Soak.Planning;

/// <summary>
/// SplitMix64: the same numbers from the same seed on every machine and with every .NET, which <see cref="Random"/> does not promise.
/// </summary>
/// <param name="seed">The seed of the whole trial.</param>
/// <param name="stream">Which of the sequences that do not depend on each other.</param>
internal sealed class SeededRandom(ulong seed, int stream)
{
    private const ulong Gamma = 0x9E3779B97F4A7C15;

    private ulong _state = Mix(seed + Gamma) ^ Mix((ulong)stream);

    /// <summary>From 0 to below the bound.</summary>
    public int Below(int bound) => (int)(Next() % (ulong)bound);

    /// <summary>From 0 to below 1.</summary>
    public double Share() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A duration in whole milliseconds, evenly between two.</summary>
    public TimeSpan Between(int fromMs, int toMs) => TimeSpan.FromMilliseconds(fromMs + Below(toMs - fromMs + 1));

    private ulong Next() => Mix(_state += Gamma);

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
