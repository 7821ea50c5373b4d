using System.Net;
using System.Net.Sockets;
using NativeLambda.Emulator;

namespace NativeLambda.Tests.Emulator;

public sealed class FreePortTests
{
    [Theory]
    [InlineData("32768\t60999\n", 10_000, 32_767)]
    [InlineData("1024 40000", 40_001, 65_535)]
    [InlineData("1024 65535", 65_536, 65_535)]
    [InlineData("", 1, 0)]
    [InlineData("1024", 1, 0)]
    public void It_is_outside_the_ports_that_the_kernel_gives_away(string localPorts, int first, int last) =>
        Assert.Equal((first, last), FreePort.Range(localPorts));

    [Fact]
    public void It_can_be_bound_and_is_not_found_again_while_it_is()
    {
        int port = FreePort.Find();
        using var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        for (int attempt = 0; attempt < 100; attempt++) Assert.NotEqual(port, FreePort.Find());
    }
}
