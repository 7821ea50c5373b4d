using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;

namespace NativeLambda.Emulator.Sandboxing.Networking;

/// <summary>A request to the kernel's networking (rtnetlink(7)): a header of its kind, and attributes, some of them nested.</summary>
internal sealed class NetlinkMessage
{
    private const int HeaderLength = 16; // struct nlmsghdr

    private readonly List<byte> _bytes = [.. new byte[HeaderLength]];
    private readonly ushort _type;
    private readonly ushort _flags;

    public NetlinkMessage(ushort type, ushort flags) => (_type, _flags) = (type, flags);

    /// <summary>Appends the fixed part of the request, a C structure.</summary>
    public NetlinkMessage Structure<T>(T structure) where T : unmanaged
    {
        _bytes.AddRange(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in structure)));
        Pad();
        return this;
    }

    public NetlinkMessage Attribute(ushort type, ReadOnlySpan<byte> value)
    {
        Number16((ushort)(4 + value.Length));
        Number16(type);
        _bytes.AddRange(value);
        Pad();
        return this;
    }

    public NetlinkMessage Attribute(ushort type, int value) => Attribute(type, MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in value)));

    public NetlinkMessage Attribute(ushort type, string value) => Attribute(type, Encoding.ASCII.GetBytes(value + '\0'));

    public NetlinkMessage Attribute(ushort type, IPAddress value) => Attribute(type, value.GetAddressBytes());

    /// <summary>An attribute that consists of what <paramref name="fill"/> appends.</summary>
    public NetlinkMessage Nested(ushort type, Action<NetlinkMessage> fill)
    {
        int start = _bytes.Count;
        Number16(0);
        Number16(type);
        fill(this);
        Overwrite(start, (ushort)(_bytes.Count - start));
        return this;
    }

    /// <summary>The request with the header that the kernel expects.</summary>
    public byte[] ToArray(uint sequence)
    {
        byte[] message = [.. _bytes];
        BinaryPrimitives.WriteInt32LittleEndian(message, message.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(4), _type);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(6), _flags);
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(8), sequence);
        return message;
    }

    // Little-endian, as every machine that .NET runs Lambda functions on.
    private void Number16(ushort value) => _bytes.AddRange([(byte)value, (byte)(value >> 8)]);

    private void Overwrite(int index, ushort value) => (_bytes[index], _bytes[index + 1]) = ((byte)value, (byte)(value >> 8));

    private void Pad()
    {
        while (_bytes.Count % 4 != 0) _bytes.Add(0);
    }
}
