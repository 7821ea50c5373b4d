namespace NativeLambda.Trials.Soak.Judging;

/// <summary>A stock that was read.</summary>
/// <param name="Product">The product.</param>
/// <param name="Stock">What the function said.</param>
/// <param name="Start">When it was asked.</param>
/// <param name="End">When it had answered.</param>
internal readonly record struct ReadRecord(int Product, long Stock, TimeSpan Start, TimeSpan End);
