namespace NativeLambda.Runtime.Http1;

/// <summary>How much of the peer's bytes the parser is willing to keep or to count.</summary>
internal sealed record Http1Limits
{
    /// <summary>
    /// The longest head, in bytes, status line and line ends included. The same number once more bounds the chunk extensions and
    /// the trailer section of one body together.
    /// </summary>
    public int MaxHeadBytes { get; init; } = 64 * 1024;

    /// <summary>The most header fields of a head, and the most of a trailer section.</summary>
    public int MaxFields { get; init; } = 128;

    /// <summary>The longest body, in bytes, however it is framed.</summary>
    public int MaxBodyBytes { get; init; } = 64 * 1024 * 1024;
}
