using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using NativeLambda.Gateway.Operation.Systemd;

namespace NativeLambda.Gateway.Tests.Operation;

public sealed class SystemdNotifierTests
{
    private static SystemdNotifier Create(string? address, RecordingLogger logger) => SystemdNotifier.FromEnvironment(name => name == "NOTIFY_SOCKET" ? address : null, logger);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void It_is_told_at_the_socket_that_it_names(bool isAbstract)
    {
        string directory = Directory.CreateTempSubdirectory().FullName;
        string address = isAbstract ? $"@nativelambda-test-{Guid.NewGuid():N}" : Path.Combine(directory, "notify");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(isAbstract ? "\0" + address[1..] : address));
        var logger = new RecordingLogger();
        SystemdNotifier notifier = Create(address, logger);
        Assert.True(notifier.IsWanted);
        notifier.Ready("serving");
        Assert.Equal("READY=1\nSTATUS=serving", Receive());
        var clock = new FakeTimeProvider();
        clock.Advance(TimeSpan.FromSeconds(3));
        notifier.Reloading(clock);
        Assert.Matches(@"^RELOADING=1\nMONOTONIC_USEC=\d+$", Receive());
        notifier.Stopping();
        Assert.Equal("STOPPING=1", Receive());
        Assert.Empty(logger.Lines);
        socket.Dispose();
        Directory.Delete(directory, recursive: true);

        string Receive()
        {
            byte[] buffer = new byte[1024];
            return Encoding.UTF8.GetString(buffer, 0, socket.Receive(buffer));
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("vsock:2:1234")]
    public void Without_a_socket_nothing_is_told(string? address)
    {
        var logger = new RecordingLogger();
        SystemdNotifier notifier = Create(address, logger);
        Assert.False(notifier.IsWanted);
        notifier.Ready("serving");
        Assert.Empty(logger.Lines);
    }

    [Fact]
    public void A_systemd_that_cannot_be_told_ends_nothing()
    {
        var logger = new RecordingLogger();
        Create("/nowhere/notify", logger).Stopping();
        Assert.True(logger.Has("Warning: systemd could not be told"));
    }
}
