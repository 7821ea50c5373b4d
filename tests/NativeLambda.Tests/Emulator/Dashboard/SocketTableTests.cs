using NativeLambda.Emulator.Dashboard.Backends;

namespace NativeLambda.Tests.Emulator.Dashboard;

public sealed class SocketTableTests
{
    private const string Head = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";

    [Fact]
    public void The_sockets_of_the_server_s_port_are_found_by_inode()
    {
        var ports = new Dictionary<long, int>();
        SocketTable.Read(
            [
                Head,
                "   0: 0100007F:1538 00000000:0000 0A 00000000:00000000 00:00000000 00000000   104        0 9911 1 0000000000000000 100 0 0 10 0",
                "   1: 0100007F:A1B2 0100007F:1538 01 00000000:00000000 02:000A7D8C 00000000     0        0 4711 2 0000000000000000 20 4 30 10 -1",
                "   2: 0100007F:1538 0100007F:A1B2 01 00000000:00000000 02:000A7D8C 00000000   104        0 4712 2 0000000000000000 20 4 30 10 -1",
                "   3: 0100007F:C000 0100007F:1539 01 00000000:00000000 00:00000000 00000000     0        0 4713 1 0000000000000000 20 4 30 10 -1",
                "   4: 0100007F:C001 0100007F:1538 06 00000000:00000000 03:00001770 00000000     0        0 0 3 0000000000000000",
            ],
            0x1538, ports);
        Assert.Equal(new Dictionary<long, int> { [4711] = 0xA1B2 }, ports);
    }

    [Fact]
    public void IPv6_sockets_are_read_alike()
    {
        var ports = new Dictionary<long, int>();
        SocketTable.Read(
            [Head, "   0: 0000000000000000FFFF00000100007F:D2D4 0000000000000000FFFF00000100007F:1538 01 00000000:00000000 00:00000000 00000000  1000        0 81 1 0 20 4 30 10 -1"],
            0x1538, ports);
        Assert.Equal(new Dictionary<long, int> { [81] = 0xD2D4 }, ports);
    }
}
