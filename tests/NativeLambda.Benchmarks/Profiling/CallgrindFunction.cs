namespace NativeLambda.Benchmarks.Profiling;

/// <summary>A function of a profile.</summary>
/// <param name="Module">File name of the program or library that it is in.</param>
/// <param name="Name">Its symbol.</param>
/// <param name="Self">The instructions of its own.</param>
/// <param name="Inclusive">Those of everything it called as well; of a recursive function its outermost call.</param>
internal sealed record CallgrindFunction(string Module, string Name, long Self, long Inclusive);
