using NativeLambda.Benchmarks.Contenders;

namespace NativeLambda.Benchmarks.Running;

/// <summary>Something that is measured of every function.</summary>
internal interface ISection
{
    /// <summary>Its short name, by which it is chosen.</summary>
    string Name { get; }

    /// <summary>How many samples it will take.</summary>
    int CountSteps(IReadOnlyList<Contender> contenders);

    /// <summary>Takes them.</summary>
    Task RunAsync(SectionContext context, CancellationToken cancellationToken);
}
