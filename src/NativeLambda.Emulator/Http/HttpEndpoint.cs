using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace NativeLambda.Emulator.Http;

/// <summary>A listening socket and the application that its connections are accepted for, until it is disposed.</summary>
internal sealed class HttpEndpoint(Socket socket, EndpointApplication application) : IDisposable
{
    private volatile EndpointApplication _application = application;
    private volatile Turn? _turn;

    public Uri Uri { get; } = new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)socket.LocalEndPoint!).Port}/"));

    /// <summary>
    /// Lets another application answer on connections from now on. Those that were made before stay with the last one, even where they
    /// are accepted later: what a process that was killed has sent must not be taken for the word of the next one.
    /// </summary>
    /// <remarks>
    /// The kernel hands connections over in the order in which they were made. So a connection of our own, once it is accepted, says
    /// that all older ones are.
    /// </remarks>
    public async Task ReplaceAsync(EndpointApplication next)
    {
        using var mark = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        mark.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var turn = new Turn(((IPEndPoint)mark.LocalEndPoint!).Port, next);
        _turn = turn;
        try
        {
            await mark.ConnectAsync((IPEndPoint)socket.LocalEndPoint!);
            await turn.Taken;
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException && socket.SafeHandle.IsClosed)
        {
            // The endpoint was closed meanwhile: nobody connects any more.
        }
    }

    /// <summary>What an accepted connection is for; nothing when it is the mark of <see cref="ReplaceAsync"/>.</summary>
    public EndpointApplication? ApplicationFor(Socket accepted)
    {
        if (_turn is { } turn && accepted.RemoteEndPoint is IPEndPoint peer && peer.Port == turn.MarkPort && IPAddress.IsLoopback(peer.Address))
        {
            _application = turn.Next;
            _turn = null;
            turn.Take();
            return null;
        }
        return _application;
    }

    public void Dispose()
    {
        socket.Dispose();
        _turn?.Take();
    }

    /// <summary>The change from one application to the next.</summary>
    private sealed class Turn(int markPort, EndpointApplication next)
    {
        private readonly TaskCompletionSource _taken = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int MarkPort => markPort;

        public EndpointApplication Next => next;

        public Task Taken => _taken.Task;

        public void Take() => _taken.TrySetResult();
    }
}
