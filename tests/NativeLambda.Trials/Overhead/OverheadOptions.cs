using NativeLambda.Emulator.Freezing;

namespace NativeLambda.Trials.Overhead;

/// <summary>What is measured, and how often.</summary>
internal sealed record OverheadOptions
{
    /// <summary>The samples of each course.</summary>
    public required int Samples { get; init; }

    /// <summary>The rounds before those, which do not count.</summary>
    public required int WarmUp { get; init; }

    /// <summary>The freezing methods that are wanted; those that this machine does not have are left out, and named.</summary>
    public required IReadOnlyList<FreezeMethod> Methods { get; init; }

    /// <summary>The seed of the order of the courses and of the resampling.</summary>
    public required int Seed { get; init; }
}
