namespace NativeLambda.Runtime.Http1;

/// <summary>How the end of a body is found.</summary>
internal enum Http1BodyKind
{
    /// <summary>By counting; a response without a body counts to zero.</summary>
    Length,

    /// <summary>By the last chunk.</summary>
    Chunked,

    /// <summary>By the end of the connection.</summary>
    UntilClose,
}
