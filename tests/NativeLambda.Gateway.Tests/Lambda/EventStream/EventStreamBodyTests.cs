using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using NativeLambda.Gateway.Lambda;
using NativeLambda.Gateway.Lambda.EventStream;
using static NativeLambda.Gateway.Tests.Lambda.EventStream.EventStreamWriter;

namespace NativeLambda.Gateway.Tests.Lambda.EventStream;

public sealed class EventStreamBodyTests
{
    public static TheoryData<string, byte[]> Broken => new()
    {
        { "nothing", [] },
        { "no end", Chunk("a") },
        { "a cut prelude", Chunk("a")[..7] },
        { "a cut message", Chunk("abcdef")[..^1] },
        { "a wrong checksum of the prelude", Changed(Chunk("abc"), 9) },
        { "a wrong length", Changed(Chunk("abc"), 3) },
        { "a wrong payload", [.. Changed(Chunk("abc"), ^5), .. Complete()] },
        { "a wrong checksum", [.. Changed(Chunk("abc"), ^1), .. Complete()] },
        { "a wrong header", [.. Changed(Chunk("abc"), 14), .. Complete()] },
        { "something after the end", [.. Complete(), 1] },
        { "an end that is no JSON", Complete("{\"Error") },
        { "more headers than message", Prelude(16, 4000) },
        { "a length below the least", Prelude(15, 0) },
        { "a length over the most", Prelude(uint.MaxValue, 0) },
        { "a header of an unknown type", [.. Raw(Header("a", 10, []), []), .. Complete()] },
        { "a header that is cut", [.. Raw([200, 1, 2], []), .. Complete()] },
    };

    [Fact]
    public async Task Chunks_become_what_the_function_wrote() =>
        Assert.Equal("one two three", await ReadAsync([.. Chunk("one "), .. Chunk(""), .. Chunk("two "), .. Chunk("three"), .. Complete()]));

    [Fact]
    public async Task Bytes_may_come_one_by_one() =>
        Assert.Equal("one two", await ReadAsync(new Trickle([.. Chunk("one "), .. Chunk("two"), .. Complete("{\"LogResult\":\"eA==\"}")])));

    [Fact]
    public async Task A_message_may_be_larger_than_the_buffer()
    {
        string large = new('x', 1_000_000);
        Assert.Equal(large + "!", await ReadAsync([.. Chunk(large), .. Chunk("!"), .. Complete()]));
    }

    [Fact]
    public async Task Headers_of_every_type_are_passed_over()
    {
        byte[] headers =
        [
            .. Header("t", 0, []), .. Header("f", 1, []), .. Header("b", 2, [1]), .. Header("s", 3, [1, 2]), .. Header("i", 4, [1, 2, 3, 4]),
            .. Header("l", 5, new byte[8]), .. Header("y", 6, [0, 2, 1, 2]), .. Header("d", 8, new byte[8]), .. Header("u", 9, new byte[16]),
            .. Header(":message-type", 7, [0, 5, .. "event"u8]), .. Header(":event-type", 7, [0, 12, .. "PayloadChunk"u8]),
        ];
        Assert.Equal("x", await ReadAsync([.. Raw(headers, "x"u8.ToArray()), .. Complete()]));
    }

    [Fact]
    public async Task An_event_that_is_unknown_is_passed_over() =>
        Assert.Equal("ab", await ReadAsync([.. Chunk("a"), .. Message([1, 2, 3], (":message-type", "event"), (":event-type", "Later")), .. Chunk("b"), .. Complete()]));

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task What_is_no_event_stream_is_a_broken_connection(string what, byte[] bytes)
    {
        LambdaStreamException exception = await Assert.ThrowsAsync<LambdaStreamException>(() => ReadAsync(bytes));
        Assert.True(exception.ErrorType == LambdaStreamException.Broken, what);
    }

    [Fact]
    public async Task Bytes_before_the_break_are_handed_on()
    {
        using var body = new EventStreamBody(new MemoryStream([.. Chunk("whole"), .. Chunk("cut")[..^2]]));
        var buffer = new byte[100];
        Assert.Equal(5, await body.ReadAtLeastAsync(buffer, 1, cancellationToken: TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<LambdaStreamException>(async () => await body.ReadAtLeastAsync(buffer, 1, cancellationToken: TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_functions_failure_ends_the_stream_with_its_name_and_nothing_of_its_payload()
    {
        byte[] bytes = [.. Chunk("half"), .. Complete("{\"ErrorCode\":\"Function.Timeout\",\"ErrorDetails\":\"secret\"}")];
        LambdaStreamException exception = await Assert.ThrowsAsync<LambdaStreamException>(() => ReadAsync(bytes));
        Assert.Equal("Function.Timeout", exception.ErrorType);
        Assert.DoesNotContain("secret", exception.ToString());
    }

    [Theory]
    [InlineData(":exception-type", "exception", "TooManyRequestsException")]
    [InlineData(":error-code", "error", "InternalFailure")]
    public async Task An_error_of_the_service_ends_the_stream_with_its_name(string header, string kind, string name)
    {
        byte[] bytes = [.. Chunk("half"), .. Message([], (":message-type", kind), (header, name))];
        Assert.Equal(name, (await Assert.ThrowsAsync<LambdaStreamException>(() => ReadAsync(bytes))).ErrorType);
    }

    private static Task<string> ReadAsync(byte[] bytes) => ReadAsync(new MemoryStream(bytes));

    private static async Task<string> ReadAsync(Stream stream)
    {
        using var body = new EventStreamBody(stream);
        using var text = new MemoryStream();
        await body.CopyToAsync(text, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(text.ToArray());
    }

    private static byte[] Changed(byte[] bytes, Index at)
    {
        bytes[at] ^= 1;
        return bytes;
    }

    private static byte[] Prelude(uint total, uint headers)
    {
        var prelude = new byte[12];
        BinaryPrimitives.WriteUInt32BigEndian(prelude, total);
        BinaryPrimitives.WriteUInt32BigEndian(prelude.AsSpan(4), headers);
        BinaryPrimitives.WriteUInt32BigEndian(prelude.AsSpan(8), Crc32.HashToUInt32(prelude.AsSpan(0, 8)));
        return prelude;
    }

    /// <summary>A stream that gives a byte at a time.</summary>
    private sealed class Trickle(byte[] bytes) : ReadOnlyStream
    {
        private int _at;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_at == bytes.Length) return new(0);
            buffer.Span[0] = bytes[_at++];
            return new(1);
        }
    }
}
