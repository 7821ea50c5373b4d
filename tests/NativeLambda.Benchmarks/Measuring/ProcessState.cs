namespace NativeLambda.Benchmarks.Measuring;

/// <summary>What /proc says of a living process.</summary>
/// <param name="PeakMemory">The most memory that was ever resident, in bytes.</param>
/// <param name="Threads">How many threads it has.</param>
internal readonly record struct ProcessState(long PeakMemory, int Threads);
