using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using NativeLambda.Gateway.Lambda.Http;

namespace NativeLambda.Gateway.Lambda.Http1;

/// <summary>Opens connections.</summary>
internal sealed class Connector(LambdaEndpoint endpoint, TimeSpan timeout, X509ChainPolicy? trust, TimeProvider time)
{
    private readonly string _host = endpoint.Address.IdnHost;
    private readonly SslClientAuthenticationOptions? _tls = endpoint.Address.Scheme == "https"
        ? new SslClientAuthenticationOptions { TargetHost = endpoint.Address.IdnHost, ApplicationProtocols = [SslApplicationProtocol.Http11], CertificateChainPolicy = trust }
        : null;

    /// <summary>Opens one. Nothing of a request is sent before it is there: whatever fails here, no function has run.</summary>
    /// <exception cref="LambdaUnreachableException">It cannot be had.</exception>
    public async Task<Http1Connection> ConnectAsync(CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Stream? stream = null;
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            // The name is looked up for each connection: that is how a change of the DNS is followed.
            await socket.ConnectAsync(new DnsEndPoint(_host, endpoint.Address.Port), either.Token);
            stream = new NetworkStream(socket, ownsSocket: true);
            if (_tls is not null)
            {
                var tls = new SslStream(stream);
                stream = tls;
                await tls.AuthenticateAsClientAsync(_tls, either.Token);
            }
            return new Http1Connection(socket, stream, time.GetTimestamp());
        }
        catch (Exception exception)
        {
            if (stream is null) socket.Dispose();
            else await stream.DisposeAsync();
            cancellation.ThrowIfCancellationRequested();
            throw Failure(exception);
        }
    }

    private LambdaUnreachableException Failure(Exception exception) => exception switch
    {
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } =>
            new($"The name {endpoint.Host} of Lambda's endpoint has no address.", exception, mayHaveRun: false),
        SocketException socket => new($"No connection to {endpoint.Host}: {socket.SocketErrorCode}", exception, mayHaveRun: false),
        OperationCanceledException => new($"No connection to {endpoint.Host} within the limit.", exception, mayHaveRun: false),
        _ => new($"No TLS with {endpoint.Host}: {ServerTrust.Why(exception)}", exception, mayHaveRun: false),
    };
}
