using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace NativeLambda.Json;

/// <summary>
/// Says which characters of a JSON string are escaped, and how, without a table: the encoders of .NET make theirs, of both kinds and for
/// all of Unicode, at the first string that a process writes, which is a million instructions of its first invocation.
/// </summary>
/// <remarks>Source: <see href="https://www.rfc-editor.org/rfc/rfc8259#section-7">RFC 8259, strings</see>.</remarks>
internal sealed unsafe class JsonEscaping : JavaScriptEncoder
{
    /// <summary>
    /// As <see cref="JavaScriptEncoder.Default"/> does, to the byte: all but ASCII, and of that what HTML or a script gives a meaning to,
    /// so that a body which somebody embeds in a page stays text.
    /// </summary>
    public static readonly JsonEscaping ForAnyReader = new(isStrict: true);

    /// <summary>
    /// What JSON asks for, DEL, and what is not Unicode: for a reader that is known to parse JSON. Unlike
    /// <see cref="JavaScriptEncoder.UnsafeRelaxedJsonEscaping"/> it leaves every other character beyond ASCII as it is.
    /// </summary>
    public static readonly JsonEscaping ForParser = new(isStrict: false);

    private const int LongestEscape = 6; // \uXXXX
    private readonly bool _isStrict;

    private JsonEscaping(bool isStrict) => _isStrict = isStrict;

    /// <summary>The options of a writer that escapes so.</summary>
    public JsonWriterOptions Options => new() { Encoder = this };

    /// <inheritdoc/>
    public override int MaxOutputCharactersPerInputCharacter => 2 * LongestEscape; // a character beyond U+FFFF is two of them

    /// <inheritdoc/>
    public override bool WillEncode(int unicodeScalar) =>
        unicodeScalar < 0x80 ? JsonEscapes.IsEscaped((uint)unicodeScalar, _isStrict) : _isStrict;

    /// <inheritdoc/>
    public override int FindFirstCharacterToEncode(char* text, int textLength)
    {
        var rest = new ReadOnlySpan<char>(text, textLength);
        int start = 0;
        while (JsonEscapes.Find(MemoryMarshal.Cast<char, ushort>(rest[start..]), _isStrict) is >= 0 and int found)
        {
            start += found;
            if (_isStrict || rest[start] < 0x80 || Rune.DecodeFromUtf16(rest[start..], out _, out int length) != OperationStatus.Done)
                return start;
            start += length;
        }

        return -1;
    }

    /// <inheritdoc/>
    public override int FindFirstCharacterToEncodeUtf8(ReadOnlySpan<byte> utf8Text)
    {
        int start = 0;
        while (JsonEscapes.Find(utf8Text[start..], _isStrict) is >= 0 and int found)
        {
            start += found;
            if (_isStrict || utf8Text[start] < 0x80 || Rune.DecodeFromUtf8(utf8Text[start..], out _, out int length) != OperationStatus.Done)
                return start;
            start += length;
        }

        return -1;
    }

    /// <inheritdoc/>
    public override bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten) =>
        JsonEscapes.TryWrite(unicodeScalar, new Span<char>(buffer, bufferLength), _isStrict, out numberOfCharactersWritten);

    /// <summary>Copies what needs no escape in one piece; what is rare, and the end of a buffer, is left to the base class.</summary>
    public override OperationStatus EncodeUtf8(
        ReadOnlySpan<byte> utf8Source, Span<byte> utf8Destination, out int bytesConsumed, out int bytesWritten, bool isFinalBlock = true)
    {
        bytesConsumed = 0;
        bytesWritten = 0;
        while (true)
        {
            ReadOnlySpan<byte> rest = utf8Source[bytesConsumed..];
            int run = FindFirstCharacterToEncodeUtf8(rest);
            int clean = run < 0 ? rest.Length : run;
            if (clean + LongestEscape > utf8Destination.Length - bytesWritten)
                break;
            rest[..clean].CopyTo(utf8Destination[bytesWritten..]);
            bytesConsumed += clean;
            bytesWritten += clean;
            if (run < 0)
                return OperationStatus.Done;
            if (rest[run] >= 0x80)
                break;
            JsonEscapes.TryWrite(rest[run], utf8Destination[bytesWritten..], _isStrict, out int length);
            bytesWritten += length;
            bytesConsumed++;
        }

        OperationStatus status = base.EncodeUtf8(
            utf8Source[bytesConsumed..], utf8Destination[bytesWritten..], out int consumed, out int written, isFinalBlock);
        bytesConsumed += consumed;
        bytesWritten += written;
        return status;
    }
}
