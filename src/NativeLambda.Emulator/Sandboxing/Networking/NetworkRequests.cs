using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace NativeLambda.Emulator.Sandboxing.Networking;

/// <summary>The requests that an environment's network needs, in the numbers of linux/rtnetlink.h and its like.</summary>
internal static class NetworkRequests
{
    private const ushort Request = 0x001;
    private const ushort Acknowledge = 0x004;
    private const ushort Replace = 0x100;
    private const ushort Exclusive = 0x200;
    private const ushort Create = 0x400;

    private const ushort NewLink = 16, DeleteLinkType = 17, NewAddress = 20, NewRoute = 24, NewRule = 32, DeleteRule = 33, NewQueue = 36, DeleteQueue = 37;
    private const uint FlagUp = 1; // IFF_UP
    private const uint Root = 0xFFFF_FFFF; // TC_H_ROOT
    private const byte Inet = (byte)AddressFamily.InterNetwork;
    private const byte Static = 4; // RTPROT_STATIC
    private const byte Unicast = 1; // RTN_UNICAST
    private const byte MainTable = 254;

    /// <summary>A pair of interfaces: one here, the other one in another network namespace.</summary>
    public static NetlinkMessage CreatePair(string name, string peerName, int peerNamespace) =>
        new NetlinkMessage(NewLink, Request | Acknowledge | Create | Exclusive)
            .Structure(new LinkHeader())
            .Attribute(3, name) // IFLA_IFNAME
            .Nested(18, info => info // IFLA_LINKINFO
                .Attribute(1, "veth") // IFLA_INFO_KIND
                .Nested(2, data => data // IFLA_INFO_DATA
                    .Nested(1, peer => peer // VETH_INFO_PEER
                        .Structure(new LinkHeader())
                        .Attribute(3, peerName)
                        .Attribute(28, peerNamespace)))); // IFLA_NET_NS_FD

    public static NetlinkMessage DeleteLink(int index) =>
        new NetlinkMessage(DeleteLinkType, Request | Acknowledge).Structure(new LinkHeader { Index = index });

    public static NetlinkMessage SetUp(int index) =>
        new NetlinkMessage(NewLink, Request | Acknowledge).Structure(new LinkHeader { Index = index, Flags = FlagUp, Change = FlagUp });

    public static NetlinkMessage AddAddress(int index, IPAddress address, byte prefixLength) =>
        new NetlinkMessage(NewAddress, Request | Acknowledge | Create | Exclusive)
            .Structure(new AddressHeader { Family = Inet, PrefixLength = prefixLength, Index = index })
            .Attribute(1, address) // IFA_ADDRESS
            .Attribute(2, address); // IFA_LOCAL

    /// <summary>A route by a gateway; the destination 0.0.0.0 with length 0 is the default route.</summary>
    public static NetlinkMessage AddRoute(IPAddress destination, byte length, IPAddress gateway, IPAddress source, int index, byte table = MainTable)
    {
        NetlinkMessage message = new NetlinkMessage(NewRoute, Request | Acknowledge | Create | Exclusive)
            .Structure(new RouteHeader { Family = Inet, DestinationLength = length, Table = table, Protocol = Static, Type = Unicast })
            .Attribute(5, gateway) // RTA_GATEWAY
            .Attribute(7, source) // RTA_PREFSRC
            .Attribute(4, index); // RTA_OIF
        return length == 0 ? message : message.Attribute(1, destination); // RTA_DST
    }

    /// <summary>TCP to a port of any loopback address is looked up in a table of its own.</summary>
    public static NetlinkMessage AddPortRule(int priority, int port, byte table)
    {
        Span<byte> range = stackalloc byte[4];
        BinaryPrimitives.WriteUInt16LittleEndian(range, (ushort)port);
        BinaryPrimitives.WriteUInt16LittleEndian(range[2..], (ushort)port);
        return Rule(NewRule, Create | Exclusive, priority, table, destinationLength: 8)
            .Attribute(1, IPAddress.Loopback) // FRA_DST
            .Attribute(22, [(byte)ProtocolType.Tcp]) // FRA_IP_PROTO
            .Attribute(24, range); // FRA_DPORT_RANGE
    }

    /// <summary>Everything is looked up in the table, at this place in the order.</summary>
    public static NetlinkMessage AddRule(int priority, byte table) => Rule(NewRule, Create | Exclusive, priority, table);

    public static NetlinkMessage RemoveRule(int priority, byte table) => Rule(DeleteRule, 0, priority, table);

    /// <summary>From here on what is sent through the interface vanishes, and the sender does not learn of it.</summary>
    public static NetlinkMessage Block(int index) =>
        new NetlinkMessage(NewQueue, Request | Acknowledge | Create | Replace)
            .Structure(new QueueHeader { Index = index, Parent = Root })
            .Attribute(1, "blackhole"); // TCA_KIND

    /// <summary>Undoes <see cref="Block"/>.</summary>
    public static NetlinkMessage Unblock(int index) =>
        new NetlinkMessage(DeleteQueue, Request | Acknowledge).Structure(new QueueHeader { Index = index, Parent = Root });

    private static NetlinkMessage Rule(ushort type, ushort flags, int priority, byte table, byte destinationLength = 0) =>
        new NetlinkMessage(type, (ushort)(Request | Acknowledge | flags))
            .Structure(new RuleHeader { Family = Inet, DestinationLength = destinationLength, Table = table, Action = 1 }) // FR_ACT_TO_TBL
            .Attribute(6, priority); // FRA_PRIORITY

    /// <summary>struct ifinfomsg.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct LinkHeader
    {
        public byte Family;
        public byte Padding;
        public ushort Type;
        public int Index;
        public uint Flags;
        public uint Change;
    }

    /// <summary>struct ifaddrmsg.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct AddressHeader
    {
        public byte Family;
        public byte PrefixLength;
        public byte Flags;
        public byte Scope;
        public int Index;
    }

    /// <summary>struct rtmsg.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct RouteHeader
    {
        public byte Family;
        public byte DestinationLength;
        public byte SourceLength;
        public byte TypeOfService;
        public byte Table;
        public byte Protocol;
        public byte Scope;
        public byte Type;
        public uint Flags;
    }

    /// <summary>struct fib_rule_hdr.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct RuleHeader
    {
        public byte Family;
        public byte DestinationLength;
        public byte SourceLength;
        public byte TypeOfService;
        public byte Table;
        public byte Reserved1;
        public byte Reserved2;
        public byte Action;
        public uint Flags;
    }

    /// <summary>struct tcmsg.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct QueueHeader
    {
        public byte Family;
        public byte Padding1;
        public ushort Padding2;
        public int Index;
        public uint Handle;
        public uint Parent;
        public uint Info;
    }
}
