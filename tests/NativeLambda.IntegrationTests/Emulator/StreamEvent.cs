using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace NativeLambda.IntegrationTests.Emulator;

/// <summary>A message of an event stream as a client reads it: lengths and headers are believed, checksums are the encoder's tests' concern.</summary>
internal sealed record StreamEvent(string Type, byte[] Payload)
{
    public string Text => Encoding.UTF8.GetString(Payload);

    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Payload);

    /// <summary>The next message, or nothing at the end of the stream.</summary>
    public static async Task<StreamEvent?> ReadAsync(Stream stream)
    {
        var prelude = new byte[12];
        int count = await stream.ReadAtLeastAsync(prelude, prelude.Length, throwOnEndOfStream: false);
        if (count == 0) return null;
        Assert.Equal(prelude.Length, count);
        int length = BinaryPrimitives.ReadInt32BigEndian(prelude), headersLength = BinaryPrimitives.ReadInt32BigEndian(prelude.AsSpan(4));
        var rest = new byte[length - prelude.Length];
        await stream.ReadExactlyAsync(rest);
        return new StreamEvent(ReadHeader(rest.AsSpan(0, headersLength), ":event-type"), rest[headersLength..^4]);
    }

    private static string ReadHeader(ReadOnlySpan<byte> headers, string wanted)
    {
        while (headers.Length > 0)
        {
            string name = Encoding.UTF8.GetString(headers.Slice(1, headers[0]));
            headers = headers[(1 + headers[0])..];
            Assert.Equal(7, headers[0]);
            int length = BinaryPrimitives.ReadInt16BigEndian(headers[1..]);
            string value = Encoding.UTF8.GetString(headers.Slice(3, length));
            if (name == wanted) return value;
            headers = headers[(3 + length)..];
        }
        throw new InvalidOperationException($"no header {wanted}");
    }
}
