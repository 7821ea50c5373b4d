namespace NativeLambda.Benchmarks.Contenders;

/// <summary>In what way a function takes part.</summary>
internal enum PeerKind
{
    /// <summary>This repository's own.</summary>
    Ours,

    /// <summary>Another way to write the same function.</summary>
    Peer,

    /// <summary>No function that anybody would write: the least that can be.</summary>
    Floor,

    /// <summary>This repository's own in another way of working, or of being built.</summary>
    Self,
}
