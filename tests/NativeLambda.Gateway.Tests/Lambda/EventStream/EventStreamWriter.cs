using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace NativeLambda.Gateway.Tests.Lambda.EventStream;

/// <summary>Messages of an event stream, right ones and wrong ones.</summary>
internal static class EventStreamWriter
{
    public static byte[] Chunk(string payload) => Message(Encoding.UTF8.GetBytes(payload), (":event-type", "PayloadChunk"), (":message-type", "event"));

    public static byte[] Complete(string json = "{}") => Message(Encoding.UTF8.GetBytes(json), (":message-type", "event"), (":event-type", "InvokeComplete"));

    public static byte[] Message(byte[] payload, params (string Name, string Value)[] headers)
    {
        byte[] head = [.. headers.SelectMany(static header => Header(header.Name, 7, [.. Length(header.Value.Length), .. Encoding.UTF8.GetBytes(header.Value)]))];
        return Raw(head, payload);
    }

    public static byte[] Header(string name, byte type, byte[] value) => [(byte)name.Length, .. Encoding.UTF8.GetBytes(name), type, .. value];

    public static byte[] Raw(byte[] headers, byte[] payload)
    {
        var message = new byte[12 + headers.Length + payload.Length + 4];
        BinaryPrimitives.WriteInt32BigEndian(message, message.Length);
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(4), headers.Length);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(8), Crc32.HashToUInt32(message.AsSpan(0, 8)));
        headers.CopyTo(message, 12);
        payload.CopyTo(message, 12 + headers.Length);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(message.Length - 4), Crc32.HashToUInt32(message.AsSpan(0, message.Length - 4)));
        return message;
    }

    private static byte[] Length(int length) => [(byte)(length >> 8), (byte)length];
}
