using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;

namespace NativeLambda.Emulator.Http;

/// <summary>A Kestrel transport whose listening sockets come and go while the server runs.</summary>
/// <remarks>
/// Each environment has a Runtime API of its own, on a port of its own: a server for each would cost a heartbeat thread and a set of
/// memory pools each, 300 times. Here one server takes connections from all sockets, and each connection carries, as a feature, the
/// application it was accepted for.
/// </remarks>
internal sealed class EndpointHub : IConnectionListenerFactory, IConnectionListener
{
    private readonly Channel<ConnectionContext> _accepted = Channel.CreateUnbounded<ConnectionContext>();
    private readonly SocketConnectionContextFactory _connections = new(new SocketConnectionFactoryOptions(), NullLogger.Instance);

    /// <summary>Kestrel's one endpoint; it stands for all sockets.</summary>
    public EndPoint EndPoint { get; private set; } = new IPEndPoint(IPAddress.None, 0);

    /// <summary>Opens a listening socket on the loopback interface for an application.</summary>
    /// <exception cref="SocketException">The port is taken.</exception>
    public HttpEndpoint Listen(int port, EndpointApplication application)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen(512);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
        var endpoint = new HttpEndpoint(socket, application);
        _ = AcceptAsync(socket, endpoint);
        return endpoint;
    }

    ValueTask<IConnectionListener> IConnectionListenerFactory.BindAsync(EndPoint endpoint, CancellationToken cancellationToken)
    {
        EndPoint = endpoint;
        return new ValueTask<IConnectionListener>(this);
    }

    async ValueTask<ConnectionContext?> IConnectionListener.AcceptAsync(CancellationToken cancellationToken)
    {
        while (await _accepted.Reader.WaitToReadAsync(cancellationToken))
            if (_accepted.Reader.TryRead(out ConnectionContext? connection)) return connection;
        return null;
    }

    ValueTask IConnectionListener.UnbindAsync(CancellationToken cancellationToken)
    {
        _accepted.Writer.TryComplete();
        return default;
    }

    ValueTask IAsyncDisposable.DisposeAsync()
    {
        _connections.Dispose();
        return default;
    }

    private async Task AcceptAsync(Socket listener, HttpEndpoint endpoint)
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await listener.AcceptAsync();
            }
            catch (Exception exception) when (exception is ObjectDisposedException || exception is SocketException { SocketErrorCode: SocketError.OperationAborted })
            {
                return; // the endpoint was closed
            }
            catch (SocketException)
            {
                continue; // this connection was reset before it was accepted
            }
            EndpointApplication? application;
            try
            {
                application = endpoint.ApplicationFor(socket);
                socket.NoDelay = true;
            }
            catch (SocketException)
            {
                socket.Dispose(); // reset since it was accepted: no reason to accept no other
                continue;
            }

            if (application is null)
            {
                socket.Dispose();
                continue;
            }
            ConnectionContext connection = _connections.Create(socket);
            connection.Features.Set(application);
            if (!_accepted.Writer.TryWrite(connection)) connection.Abort();
        }
    }
}
