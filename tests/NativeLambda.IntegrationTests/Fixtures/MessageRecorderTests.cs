using System.Buffers.Binary;
using System.Text;
using CsCheck;

namespace NativeLambda.IntegrationTests.Fixtures;

public sealed class MessageRecorderTests
{
    private static readonly (TrafficDirection Direction, byte[] Bytes)[] Conversation =
    [
        (TrafficDirection.ToServer, Untyped(80877103)),
        (TrafficDirection.ToClient, "N"u8.ToArray()),
        (TrafficDirection.ToServer, Untyped(196608, "user\0me\0\0")),
        (TrafficDirection.ToClient, [.. Message('R', "\0\0\0\0"), .. Message('Z', "I")]),
        (TrafficDirection.ToServer, [.. Message('P', "\0SELECT $1\0\0\0"), .. Message('B', "\0\0\0\0\0\0\0\0"), .. Message('S', "")]),
        (TrafficDirection.ToClient, [.. Message('1', ""), .. Message('E', "SERROR\0C42P01\0Mno\0\0"), .. Message('Z', "E")]),
        (TrafficDirection.ToServer, Message('Q', "ROLLBACK\0")),
        (TrafficDirection.ToClient, [.. Message('C', "ROLLBACK\0"), .. Message('Z', "I")]),
        (TrafficDirection.ToServer, Message('X', "")),
    ];

    private static readonly string[] Expected =
    [
        "ToServer SSLRequest", "ToServer StartupMessage", "ToClient R", "ToClient Z I", "ToServer P SELECT $1", "ToServer B", "ToServer S",
        "ToClient 1", "ToClient E 42P01", "ToClient Z E", "ToServer Q ROLLBACK", "ToClient C ROLLBACK", "ToClient Z I", "ToServer X",
    ];

    [Fact]
    public void Messages_are_the_same_however_the_stream_is_cut() =>
        Gen.Int[1, 9].Sample(
            size =>
            {
                var recorder = new MessageRecorder();
                foreach ((TrafficDirection direction, byte[] bytes) in Conversation)
                    foreach (byte[] chunk in bytes.Chunk(size))
                        recorder.Add(direction, chunk);
                Assert.Equal(Expected, recorder.Messages.Select(Text));
                Assert.Equal(3, recorder.RoundTrips);
                Assert.False(recorder.IsOpaque);
            },
            iter: 100);

    [Fact]
    public void What_comes_after_a_mark_is_told_apart()
    {
        var recorder = new MessageRecorder();
        int mark = 0;
        foreach ((TrafficDirection direction, byte[] bytes) in Conversation)
        {
            mark = recorder.Count;
            recorder.Add(direction, bytes);
        }

        Assert.Equal(["ToServer X"], recorder.Since(mark).Select(Text));
    }

    [Fact]
    public void Nothing_is_read_of_what_is_encrypted()
    {
        var recorder = new MessageRecorder();
        recorder.Add(TrafficDirection.ToServer, Untyped(80877103));
        recorder.Add(TrafficDirection.ToClient, "S"u8);
        recorder.Add(TrafficDirection.ToServer, [0x16, 3, 1, 0, 1]);
        Assert.True(recorder.IsOpaque);
        Assert.Equal(["ToServer SSLRequest"], recorder.Messages.Select(Text));
    }

    [Theory]
    [InlineData(TrafficDirection.ToServer)]
    [InlineData(TrafficDirection.ToClient)]
    public void What_is_not_the_protocol_is_given_up(TrafficDirection direction)
    {
        var recorder = new MessageRecorder();
        recorder.Add(direction, new byte[16]);
        Assert.True(recorder.IsOpaque);
        Assert.Empty(recorder.Messages);
    }

    private static string Text(ProtocolMessage message) =>
        $"{message.Direction} {message.Type}{(message.Text is null ? "" : " " + message.Text)}";

    private static byte[] Message(char type, string body)
    {
        var bytes = new byte[5 + body.Length];
        bytes[0] = (byte)type;
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(1), 4 + body.Length);
        Encoding.ASCII.GetBytes(body).CopyTo(bytes, 5);
        return bytes;
    }

    private static byte[] Untyped(int code, string body = "")
    {
        var bytes = new byte[8 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes, bytes.Length);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4), code);
        Encoding.ASCII.GetBytes(body).CopyTo(bytes, 8);
        return bytes;
    }
}
