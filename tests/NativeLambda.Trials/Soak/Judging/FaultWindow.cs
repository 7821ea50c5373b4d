using NativeLambda.Trials.Soak.Planning;

namespace NativeLambda.Trials.Soak.Judging;

/// <summary>When a fault was there.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Start">Before anything was done.</param>
/// <param name="End">When all of it was over; <see cref="TimeSpan.MaxValue"/> while it is not.</param>
internal readonly record struct FaultWindow(FaultKind Kind, TimeSpan Start, TimeSpan End)
{
    public bool Overlaps(TimeSpan start, TimeSpan end) => start <= End && end >= Start;
}
