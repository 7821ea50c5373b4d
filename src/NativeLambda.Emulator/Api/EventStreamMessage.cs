using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace NativeLambda.Emulator.Api;

/// <summary>Writes messages of AWS's event stream encoding (<c>application/vnd.amazon.eventstream</c>).</summary>
/// <remarks>
/// A message is: total length, length of the headers, checksum of these eight bytes; headers; payload; checksum of all before it.
/// Numbers are big-endian. A header is: length of the name, name, type, and for the type "string" length and text.
/// Source: <see href="https://smithy.io/2.0/aws/amazon-eventstream.html">Smithy, Amazon Event Stream specification</see>.
/// </remarks>
internal static class EventStreamMessage
{
    /// <summary>The media type of a response of such messages.</summary>
    public const string ContentType = "application/vnd.amazon.eventstream";

    private const int PreludeLength = 12;
    private const int ChecksumLength = 4;
    private const byte StringType = 7;

    /// <summary>An event: its type, the type of its content, and its content.</summary>
    public static byte[] OfEvent(string eventType, string contentType, ReadOnlySpan<byte> payload) =>
        Encode([new(":event-type", eventType), new(":content-type", contentType), new(":message-type", "event")], payload);

    /// <summary>One message; headers are strings, names up to 255 bytes, values up to 32,767.</summary>
    internal static byte[] Encode(IReadOnlyList<KeyValuePair<string, string>> headers, ReadOnlySpan<byte> payload)
    {
        int headersLength = headers.Sum(static header => 1 + Encoding.UTF8.GetByteCount(header.Key) + 3 + Encoding.UTF8.GetByteCount(header.Value));
        var message = new byte[PreludeLength + headersLength + payload.Length + ChecksumLength];
        BinaryPrimitives.WriteInt32BigEndian(message, message.Length);
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(4), headersLength);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(8), Crc32.HashToUInt32(message.AsSpan(0, 8)));
        int at = PreludeLength;
        foreach ((string name, string value) in headers)
        {
            int nameLength = Encoding.UTF8.GetBytes(name, message.AsSpan(at + 1));
            message[at] = checked((byte)nameLength);
            at += 1 + nameLength;
            message[at] = StringType;
            int valueLength = Encoding.UTF8.GetBytes(value, message.AsSpan(at + 3));
            BinaryPrimitives.WriteInt16BigEndian(message.AsSpan(at + 1), checked((short)valueLength));
            at += 3 + valueLength;
        }
        payload.CopyTo(message.AsSpan(at));
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(message.Length - ChecksumLength), Crc32.HashToUInt32(message.AsSpan(0, message.Length - ChecksumLength)));
        return message;
    }
}
