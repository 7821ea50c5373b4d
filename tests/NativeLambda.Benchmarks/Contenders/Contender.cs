using NativeLambda.Benchmarks.Measuring;

namespace NativeLambda.Benchmarks.Contenders;

/// <summary>A function that is measured.</summary>
internal sealed record Contender
{
    /// <summary>Its short name, by which it is chosen: the folder of a peer.</summary>
    public required string Key { get; init; }

    /// <summary>What is known of it.</summary>
    public required PeerManifest Manifest { get; init; }

    /// <summary>How it is started.</summary>
    public required FunctionProgram Program { get; init; }

    /// <summary>The sizes of what is deployed.</summary>
    public required PackageSize Size { get; init; }

    /// <summary>What tables and charts call it.</summary>
    public string Title => Manifest.Title;

    /// <summary>In what way it takes part.</summary>
    public PeerKind Kind => Manifest.Kind;
}
