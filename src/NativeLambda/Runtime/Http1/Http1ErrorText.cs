namespace NativeLambda.Runtime.Http1;

/// <summary>The sentences for <see cref="Http1Error"/>, to follow "The answer is not HTTP/1.1: ".</summary>
internal static class Http1ErrorText
{
    public static string Describe(this Http1Error error) => error switch
    {
        Http1Error.BadStatusLine => "it does not start with a status line",
        Http1Error.UnsupportedVersion => "its major version is not 1",
        Http1Error.BadStatus => "its status is not a number from 100 to 599",
        Http1Error.UnexpectedUpgrade => "it switches to a protocol that nobody asked for (101)",
        Http1Error.BareLineFeed => "a line does not end with CR LF",
        Http1Error.BadFieldName => "a header name is empty, has a character that is not allowed, or no colon behind it",
        Http1Error.BadFieldValue => "a header value has a control character",
        Http1Error.FoldedField => "a header is folded over two lines",
        Http1Error.HeadTooLarge => "its headers or its chunk extensions are too long",
        Http1Error.TooManyFields => "it has too many headers",
        Http1Error.BadContentLength => "its Content-Length is not a number, or more than one",
        Http1Error.ConflictingLengths => "it has both a Transfer-Encoding and a Content-Length, or the former under HTTP/1.0",
        Http1Error.UnsupportedTransferCoding => "its Transfer-Encoding is not 'chunked'",
        Http1Error.BadChunk => "a chunk of its body is malformed",
        Http1Error.BodyTooLarge => "its body is larger than the limit",
        Http1Error.Truncated => "the connection was closed in the middle of it",
        _ => "no error",
    };
}
