using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace NativeLambda.Gateway.Lambda.EventStream;

/// <summary>A message of AWS's event stream encoding, in the buffer that it was read into.</summary>
/// <remarks>Source: <see href="https://smithy.io/2.0/aws/amazon-eventstream.html">Smithy, Amazon Event Stream specification</see>.</remarks>
/// <param name="bytes">The whole message.</param>
internal readonly ref struct EventMessage(ReadOnlySpan<byte> bytes)
{
    public const int PreludeLength = 12;

    private const int ChecksumLength = 4;
    private const int MaxHeaders = 128 * 1024;
    private const int MaxPayload = 24 * 1024 * 1024;
    private const byte StringType = 7;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public ReadOnlySpan<byte> Payload => _bytes[(PreludeLength + HeadersLength)..^ChecksumLength];

    private int HeadersLength => BinaryPrimitives.ReadInt32BigEndian(_bytes[4..]);

    /// <summary>Where the payload stands in the message.</summary>
    public Range PayloadRange => (PreludeLength + HeadersLength)..(_bytes.Length - ChecksumLength);

    /// <summary>The length of the message that begins like this.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static int ReadLength(ReadOnlySpan<byte> prelude)
    {
        if (Crc32.HashToUInt32(prelude[..8]) != BinaryPrimitives.ReadUInt32BigEndian(prelude[8..])) throw new FormatException("the checksum of a prelude is wrong");
        uint total = BinaryPrimitives.ReadUInt32BigEndian(prelude);
        uint headers = BinaryPrimitives.ReadUInt32BigEndian(prelude[4..]);
        if (headers > MaxHeaders || total < PreludeLength + headers + ChecksumLength || total - PreludeLength - headers - ChecksumLength > MaxPayload)
            throw new FormatException("the lengths in a prelude contradict each other, or what is allowed");
        return (int)total;
    }

    /// <summary>Throws when the message is not what was sent.</summary>
    /// <exception cref="FormatException">The checksum is wrong.</exception>
    public void Check()
    {
        if (Crc32.HashToUInt32(_bytes[..^ChecksumLength]) != BinaryPrimitives.ReadUInt32BigEndian(_bytes[^ChecksumLength..]))
            throw new FormatException("the checksum of a message is wrong");
    }

    /// <summary>The value of a header that is a text; null when there is none of that name.</summary>
    /// <exception cref="FormatException">The headers are malformed.</exception>
    public string? Header(ReadOnlySpan<byte> name)
    {
        ReadOnlySpan<byte> rest = _bytes.Slice(PreludeLength, HeadersLength);
        while (rest.Length > 0)
        {
            ReadOnlySpan<byte> found = Take(ref rest, Take(ref rest, 1)[0]);
            byte type = Take(ref rest, 1)[0];
            ReadOnlySpan<byte> value = Take(ref rest, type <= StringType + 2 ? LengthOf(type, ref rest) : throw new FormatException("a header has a type that is unknown"));
            if (type == StringType && found.SequenceEqual(name)) return Encoding.UTF8.GetString(value);
        }
        return null;
    }

    private static int LengthOf(byte type, ref ReadOnlySpan<byte> rest) => type switch
    {
        0 or 1 => 0, // true, false
        2 => 1,
        3 => 2,
        4 => 4,
        5 or 8 => 8, // a number, a time
        9 => 16, // a UUID
        _ => BinaryPrimitives.ReadUInt16BigEndian(Take(ref rest, 2)), // bytes, a text
    };

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> rest, int count)
    {
        if (count > rest.Length) throw new FormatException("the headers of a message are cut");
        ReadOnlySpan<byte> taken = rest[..count];
        rest = rest[count..];
        return taken;
    }
}
