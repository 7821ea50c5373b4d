using System.Net.Sockets;
using NativeLambda.Gateway.Configuration;
using NativeLambda.Gateway.Operation.Sockets;

namespace NativeLambda.Gateway.Tests.Operation;

public sealed class UnixSocketTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private string Path => System.IO.Path.Combine(_directory, "gateway.sock");

    private Task<PipelineHost> StartAsync(UnixFileMode mode) => PipelineHost.StartAsync(
        new GatewayConfiguration { Operation = PipelineHost.Quiet, Listeners = [new ListenerOptions { UnixSocket = new UnixSocketOptions(Path, mode) }] });

    private async Task<string> AskAsync()
    {
        using HttpClient client = TestSockets.UnixClient(Path);
        return await client.GetStringAsync(new Uri("http://localhost/"));
    }

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite)]
    public async Task It_answers_there_with_the_mode_that_was_asked_for_and_leaves_no_file(UnixFileMode mode)
    {
        await using (PipelineHost host = await StartAsync(mode))
        {
            Assert.Equal("hello", await AskAsync());
            Assert.Equal(mode, File.GetUnixFileMode(Path));
        }
        Assert.False(File.Exists(Path));
    }

    [Fact]
    public async Task What_a_killed_process_left_is_taken_over()
    {
        Leave();
        Assert.True(File.Exists(Path));
        await using PipelineHost host = await StartAsync(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Equal("hello", await AskAsync());

        // As a process that is killed leaves it: the descriptor is gone and the file is there.
        void Leave()
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            string other = Path + ".other";
            socket.Bind(new UnixDomainSocketEndPoint(other));
            File.Move(other, Path);
        }
    }

    [Fact]
    public async Task A_socket_that_somebody_listens_on_is_left_alone()
    {
        await using PipelineHost host = await StartAsync(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var exception = await Assert.ThrowsAsync<IOException>(() => StartAsync(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.Contains($"another process listens on {Path}", exception.Message, StringComparison.Ordinal);
        Assert.Equal("hello", await AskAsync());
    }

    [Fact]
    public void What_is_no_socket_is_left_alone()
    {
        File.WriteAllText(Path, "precious");
        Assert.Throws<IOException>(() => UnixSocketFile.RemoveStale(Path));
        Assert.Equal("precious", File.ReadAllText(Path));
        string directory = System.IO.Path.Combine(_directory, "directory"), link = System.IO.Path.Combine(_directory, "link");
        Directory.CreateDirectory(directory);
        Assert.Throws<IOException>(() => UnixSocketFile.RemoveStale(directory));
        File.CreateSymbolicLink(link, Path);
        Assert.Throws<IOException>(() => UnixSocketFile.RemoveStale(link));
        Assert.True(File.Exists(link) && Directory.Exists(directory));
        UnixSocketFile.RemoveStale(System.IO.Path.Combine(_directory, "nothing"));
    }
}
