using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CsCheck;
using NativeLambda.Json;

namespace NativeLambda.Tests.Json;

/// <summary>Beside the encoders of .NET, whose tables it does without.</summary>
public sealed class JsonEscapingTests
{
    private const string Special = "\"\\&'+<>`/\u007F\u2028\uFEFF\uFFFD";

    /// <summary>Any UTF-16, halves of surrogate pairs and what HTML gives a meaning to included.</summary>
    private static readonly Gen<string> AnyText = Gen.OneOf(
        Gen.OneOf(Gen.Char, Gen.Char[' ', '~'], Gen.Char['\uD7F0', '\uE010'], Gen.Char['\0', '\u00A0'], Gen.Int[0, Special.Length - 1].Select(index => Special[index])).Array[0, 70].Select(chars => new string(chars)),
        Gen.Select(Gen.Char[' ', '~'].Array[0, 70], Gen.Char.Array[0, 3]).Select((text, end) => string.Concat(text, end)));

    private static readonly Gen<byte[]> AnyBytes = Gen.OneOf(
        Gen.Byte.Array[0, 70], AnyText.Select(Encoding.UTF8.GetBytes), Gen.Select(AnyText, Gen.Byte.Array[0, 3]).Select((text, end) => (byte[])[.. Encoding.UTF8.GetBytes(text), .. end]));

    [Fact]
    public void For_any_reader_each_character_of_Unicode_is_written_as_by_the_default_of_NET()
    {
        for (int scalar = 0; scalar <= 0x10FFFF; scalar = scalar == 0xD7FF ? 0xE000 : scalar + 1)
        {
            string text = char.ConvertFromUtf32(scalar);
            Assert.Equal(JavaScriptEncoder.Default.WillEncode(scalar), JsonEscaping.ForAnyReader.WillEncode(scalar));
            Assert.Equal(JavaScriptEncoder.Default.Encode(text), JsonEscaping.ForAnyReader.Encode(text));
        }
    }

    [Fact]
    public void For_any_reader_whatever_is_written_is_written_as_by_the_default_of_NET() =>
        Gen.Select(AnyText, AnyBytes).Sample((text, bytes) =>
        {
            Assert.Equal(Write(JavaScriptEncoder.Default, text), Write(JsonEscaping.ForAnyReader, text));
            Assert.Equal(Write(JavaScriptEncoder.Default, bytes), Write(JsonEscaping.ForAnyReader, bytes));
        }, iter: 20_000);

    [Fact]
    public void For_a_parser_ASCII_is_written_as_by_the_relaxed_encoder_of_NET() =>
        Gen.Char['\0', '\u007F'].Array[0, 100].Select(chars => new string(chars)).Sample(text =>
        {
            Assert.Equal(Write(JavaScriptEncoder.UnsafeRelaxedJsonEscaping, text), Write(JsonEscaping.ForParser, text));
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            Assert.Equal(Write(JavaScriptEncoder.UnsafeRelaxedJsonEscaping, bytes), Write(JsonEscaping.ForParser, bytes));
        }, iter: 20_000);

    [Fact]
    public void For_a_parser_whatever_is_written_is_read_as_what_the_relaxed_encoder_of_NET_writes() =>
        Gen.Select(AnyText, AnyBytes).Sample((text, bytes) =>
        {
            Assert.Equal(Read(Write(JavaScriptEncoder.UnsafeRelaxedJsonEscaping, text)), Read(Write(JsonEscaping.ForParser, text)));
            Assert.Equal(Read(Write(JavaScriptEncoder.UnsafeRelaxedJsonEscaping, bytes)), Read(Write(JsonEscaping.ForParser, bytes)));
        }, iter: 20_000);

    [Fact]
    public void For_a_parser_characters_beyond_ASCII_stay_as_they_are() =>
        Assert.Equal("\"ä€😀 \u2028\"", Write(JsonEscaping.ForParser, "ä€😀 \u2028"));

    [Fact]
    public void In_pieces_and_into_a_buffer_that_is_too_small_comes_the_same() =>
        Gen.Select(AnyText, Gen.Int[1, 40], Gen.Bool).Sample((text, room, isStrict) =>
        {
            JsonEscaping escaping = isStrict ? JsonEscaping.ForAnyReader : JsonEscaping.ForParser;
            byte[] source = Encoding.UTF8.GetBytes(text);
            Assert.Equal(Read(Write(escaping, source)), Read('"' + EncodePiecewise(escaping, source, Math.Max(room, 12)) + '"'));
        }, iter: 20_000);

    private static string EncodePiecewise(JsonEscaping escaping, byte[] source, int room)
    {
        var all = new List<byte>();
        byte[] piece = new byte[room];
        int from = 0;
        int offered = Math.Min(room, source.Length);
        while (true)
        {
            bool isFinal = from + offered == source.Length;
            OperationStatus status = escaping.EncodeUtf8(source.AsSpan(from, offered), piece, out int consumed, out int written, isFinal);
            Assert.InRange(consumed, 0, offered);
            Assert.InRange(written, 0, room);
            all.AddRange(piece[..written]);
            from += consumed;
            offered = Math.Min(room + (status == OperationStatus.NeedMoreData ? 4 : 0), source.Length - from);
            if (status == OperationStatus.Done && from == source.Length)
                return Encoding.UTF8.GetString([.. all]);
            Assert.True(consumed > 0 || status == OperationStatus.NeedMoreData, $"{status} after {from} of {source.Length} bytes");
        }
    }

    private static string Write(JavaScriptEncoder encoder, string text) => Write(encoder, writer => writer.WriteStringValue(text));

    private static string Write(JavaScriptEncoder encoder, byte[] utf8) => Write(encoder, writer => writer.WriteStringValue(utf8));

    private static string Write(JavaScriptEncoder encoder, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = encoder }))
            write(writer);
        return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(buffer.WrittenSpan);
    }

    private static string Read(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return document.RootElement.GetString()!;
    }
}
