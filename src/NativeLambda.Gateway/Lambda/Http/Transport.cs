using System.Net.Sockets;

namespace NativeLambda.Gateway.Lambda.Http;

/// <summary>The general client's connections to Lambda, and what a failure of one of them means.</summary>
internal static class Transport
{
    public static HttpMessageInvoker Create(LambdaClientOptions options, LambdaEndpoint endpoint) => new(new SocketsHttpHandler
    {
        ActivityHeadersPropagator = null, // Lambda's trace header is X-Amzn-Trace-Id, which the call says
        AllowAutoRedirect = false,
        ConnectTimeout = options.ConnectTimeout,
        EnableMultipleHttp2Connections = true,
        KeepAlivePingDelay = TimeSpan.FromSeconds(30),
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
        MaxConnectionsPerServer = options.MaxConnections,
        MaxResponseDrainSize = 0,
        MaxResponseHeadersLength = 64,
        PooledConnectionIdleTimeout = options.ConnectionIdle,
        PooledConnectionLifetime = options.ConnectionLifetime,
        SslOptions = new() { CertificateChainPolicy = ServerTrust.Read(options.CaBundle) },
        UseCookies = false,
        UseProxy = !endpoint.IsLoopback, // HTTPS_PROXY, NO_PROXY and their like
    });

    /// <summary>Whether <c>HTTPS_PROXY</c>, <c>NO_PROXY</c> and their like send requests for the endpoint through a proxy.</summary>
    public static bool UsesProxy(LambdaEndpoint endpoint) => !endpoint.IsLoopback && HttpClient.DefaultProxy.GetProxy(endpoint.Address) is { } proxy && proxy != endpoint.Address;

    /// <summary>The exception for a failure before the head of an answer was there.</summary>
    public static LambdaUnreachableException Failure(LambdaEndpoint endpoint, Exception exception) => exception switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } =>
            new($"The name {endpoint.Host} of Lambda's endpoint has no address.", exception, mayHaveRun: false),
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } =>
            new($"No connection to {endpoint.Host}: {Why(exception)}", exception, mayHaveRun: false),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } =>
            new($"No TLS with {endpoint.Host}: {ServerTrust.Why(exception.InnerException ?? exception)}", exception, mayHaveRun: false),
        HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError } =>
            new($"The proxy before {endpoint.Host} refused the tunnel.", exception, mayHaveRun: false),
        // Only the wait for a connection ends like this without the caller's wish; nothing was sent on it.
        OperationCanceledException => new($"No connection to {endpoint.Host} within the limit.", exception, mayHaveRun: false),
        HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded } =>
            new($"{endpoint.Host} closed the connection before it answered.", exception),
        _ => new($"{endpoint.Host} gave no answer that can be read: {Why(exception)}", exception),
    };

    private static string Why(Exception exception)
    {
        Exception cause = exception;
        while (cause.InnerException is { } inner && inner is SocketException or IOException or HttpRequestException or HttpProtocolException) cause = inner;
        return cause is SocketException socket ? socket.SocketErrorCode.ToString() : cause.GetType().Name;
    }
}
