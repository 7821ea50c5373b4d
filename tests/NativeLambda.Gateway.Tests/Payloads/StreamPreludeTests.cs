using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using CsCheck;
using NativeLambda.Payloads;

namespace NativeLambda.Gateway.Tests.Payloads;

public sealed class StreamPreludeTests
{
    private static readonly byte[] Delimiter = new byte[8];

    [Fact]
    public void However_a_stream_is_cut_its_head_and_its_body_are_the_same() =>
        Gen.Select(Gen.Byte.Array[0, 40], Gen.Int[1, 9], Gen.String[Gen.Char[' ', '~'], 0, 30]).Sample(static (body, piece, value) =>
        {
            byte[] head = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new { statusCode = 418, headers = new { x = value }, cookies = new[] { "a=1" } });
            PipeReader reader = Cut([.. head, .. Delimiter, .. body], piece);
            (ProxyResponse? read, _) = StreamPrelude.ReadAsync(reader, CancellationToken.None).AsTask().GetAwaiter().GetResult();
            Assert.Equal(418, read!.StatusCode);
            Assert.Equal([new("x", value)], read.Headers);
            Assert.Equal(["a=1"], read.Cookies);
            Assert.Equal(body, Rest(reader));
        }, iter: 3_000);

    [Fact]
    public void Bytes_of_any_kind_are_a_head_or_none() => Gen.Select(Gen.OneOf(Gen.Byte, Gen.Const((byte)0)).Array[0, 40], Gen.Int[1, 9]).Sample(static (bytes, piece) =>
    {
        PipeReader reader = Cut(bytes, piece);
        (ProxyResponse? read, string? problem) = StreamPrelude.ReadAsync(reader, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        Assert.True(read is null ^ problem is null);
    }, iter: 10_000);

    [Theory]
    [InlineData(StreamPrelude.MaxLength, true)]
    [InlineData(StreamPrelude.MaxLength + 1, false)]
    public async Task A_head_has_a_longest_length(int length, bool allowed)
    {
        const string Around = """{"headers":{"x":"_"}}""";
        string head = Around.Replace("_", new string('x', length - Around.Length + 1), StringComparison.Ordinal);
        PipeReader reader = PipeReader.Create(new MemoryStream([.. Encoding.UTF8.GetBytes(head), .. Delimiter]));
        (ProxyResponse? read, string? problem) = await StreamPrelude.ReadAsync(reader, TestContext.Current.CancellationToken);
        Assert.Equal(allowed, read is not null);
        if (!allowed) Assert.Contains("longer", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_function_that_never_ends_its_head_is_given_up()
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        await pipe.Writer.WriteAsync(new byte[StreamPrelude.MaxLength * 2].Select(static _ => (byte)' ').ToArray(), TestContext.Current.CancellationToken);
        (ProxyResponse? read, string? problem) = await StreamPrelude.ReadAsync(pipe.Reader, TestContext.Current.CancellationToken);
        Assert.Null(read);
        Assert.Contains("longer", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/vnd.awslambda.http-integration-response", true)]
    [InlineData("Application/VND.awslambda.http-integration-response; charset=utf-8", true)]
    [InlineData("application/octet-stream", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void The_content_type_says_whether_there_is_a_head(string? contentType, bool expected) =>
        Assert.Equal(expected, StreamPrelude.IsExpected(contentType));

    private static PipeReader Cut(byte[] bytes, int piece)
    {
        Segment? first = null, last = null;
        foreach (byte[] chunk in bytes.Chunk(piece)) last = last is null ? first = new Segment(chunk, 0) : last.Append(chunk);
        ReadOnlySequence<byte> sequence = first is null ? default : new(first, 0, last!, last!.Memory.Length);
        return PipeReader.Create(sequence);
    }

    private static byte[] Rest(PipeReader reader)
    {
        reader.TryRead(out ReadResult read);
        return read.Buffer.ToArray();
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(byte[] bytes, long index) => (Memory, RunningIndex) = (bytes, index);

        public Segment Append(byte[] bytes)
        {
            var next = new Segment(bytes, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
