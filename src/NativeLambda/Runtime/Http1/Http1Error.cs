namespace NativeLambda.Runtime.Http1;

/// <summary>Why a response was refused.</summary>
internal enum Http1Error
{
    None,
    BadStatusLine,
    UnsupportedVersion,
    BadStatus,
    UnexpectedUpgrade,
    BareLineFeed,
    BadFieldName,
    BadFieldValue,
    FoldedField,
    HeadTooLarge,
    TooManyFields,
    BadContentLength,
    ConflictingLengths,
    UnsupportedTransferCoding,
    BadChunk,
    BodyTooLarge,
    Truncated,
}
