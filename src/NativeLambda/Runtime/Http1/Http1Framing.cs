using System.Text;

namespace NativeLambda.Runtime.Http1;

/// <summary>
/// The message body length of RFC 9112 section 6.3, and whether the connection survives the response (section 9.3): a function
/// from a head to a decision. What could be read in two ways is refused.
/// </summary>
/// <param name="Kind">How the end of the body is found.</param>
/// <param name="Length">The length of the body where it is known beforehand, else 0.</param>
/// <param name="KeepsConnection">Whether another request may follow on the connection.</param>
/// <param name="Error">Why the head is refused, or <see cref="Http1Error.None"/>.</param>
internal readonly record struct Http1Framing(Http1BodyKind Kind, int Length, bool KeepsConnection, Http1Error Error)
{
    private const int NoContent = 204;
    private const int NotModified = 304;

    public static Http1Framing Decide(Http1ResponseHead head, Http1Limits limits)
    {
        bool keeps = KeepsConnectionAfter(head);
        // These two end with their head, whatever it says. (So does an answer to HEAD, which is never asked here.)
        if (head.Status is NoContent or NotModified)
            return new Http1Framing(Http1BodyKind.Length, 0, keeps, Http1Error.None);

        int coding = head.Find("Transfer-Encoding"u8);
        int length = head.Find("Content-Length"u8);
        if (coding >= 0)
        {
            if (length >= 0 || head.MinorVersion == 0)
                return Refuse(Http1Error.ConflictingLengths);
            // "chunked" once and nothing else: another coding needs a TE header, which is never sent.
            bool chunked = Ascii.EqualsIgnoreCase(head.Value(coding), "chunked"u8) && head.Find("Transfer-Encoding"u8, coding + 1) < 0;
            return chunked ? new Http1Framing(Http1BodyKind.Chunked, 0, keeps, Http1Error.None) : Refuse(Http1Error.UnsupportedTransferCoding);
        }

        if (length < 0)
            return new Http1Framing(Http1BodyKind.UntilClose, 0, false, Http1Error.None);
        Http1Error error = ReadLength(head, length, limits.MaxBodyBytes, out int bytes);
        return error == Http1Error.None ? new Http1Framing(Http1BodyKind.Length, bytes, keeps, Http1Error.None) : Refuse(error);
    }

    private static Http1Framing Refuse(Http1Error error) => new(Http1BodyKind.Length, 0, false, error);

    /// <summary>Reads all Content-Length fields, which may be lists; the same number said twice counts as once.</summary>
    private static Http1Error ReadLength(Http1ResponseHead head, int first, int max, out int bytes)
    {
        bytes = 0;
        long agreed = -1;
        for (int i = first; i >= 0; i = head.Find("Content-Length"u8, i + 1))
        {
            ReadOnlySpan<byte> list = head.Value(i);
            bool ended = false;
            while (Http1Syntax.NextElement(ref list, ref ended, out ReadOnlySpan<byte> element))
            {
                if (!TryReadNumber(element, out long value) || (agreed >= 0 && agreed != value))
                    return Http1Error.BadContentLength;
                agreed = value;
            }
        }

        if (agreed > max)
            return Http1Error.BodyTooLarge;
        bytes = (int)agreed;
        return Http1Error.None;
    }

    /// <summary>Digits only: no sign, no space. A number beyond 64 bits is refused, not wrapped.</summary>
    private static bool TryReadNumber(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        foreach (byte character in text)
        {
            if (character is < (byte)'0' or > (byte)'9' || value > (long.MaxValue - 9) / 10)
                return false;
            value = (value * 10) + (character - '0');
        }

        return !text.IsEmpty;
    }

    private static bool KeepsConnectionAfter(Http1ResponseHead head)
    {
        bool close = false;
        bool keepAlive = false;
        for (int i = head.Find("Connection"u8); i >= 0; i = head.Find("Connection"u8, i + 1))
        {
            ReadOnlySpan<byte> list = head.Value(i);
            bool ended = false;
            while (Http1Syntax.NextElement(ref list, ref ended, out ReadOnlySpan<byte> option))
            {
                close |= Ascii.EqualsIgnoreCase(option, "close"u8);
                keepAlive |= Ascii.EqualsIgnoreCase(option, "keep-alive"u8);
            }
        }

        return !close && (head.MinorVersion >= 1 || keepAlive);
    }
}
