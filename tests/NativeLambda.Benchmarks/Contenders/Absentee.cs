namespace NativeLambda.Benchmarks.Contenders;

/// <summary>A peer that could not be built here.</summary>
/// <param name="Key">Its folder.</param>
/// <param name="Title">What tables call it.</param>
/// <param name="Reason">Why, in the words of its build script.</param>
internal sealed record Absentee(string Key, string Title, string Reason);
