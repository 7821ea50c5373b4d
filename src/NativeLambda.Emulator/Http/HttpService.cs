using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace NativeLambda.Emulator.Http;

/// <summary>The one HTTP server behind all endpoints of an emulator.</summary>
internal sealed class HttpService : IHttpApplication<HttpContext>, IAsyncDisposable
{
    private readonly EndpointHub _hub = new();
    private readonly KestrelServer _server;
    private readonly Action<Exception> _failed;

    private HttpService(Action<Exception> failed)
    {
        _failed = failed;
        var options = new KestrelServerOptions { AddServerHeader = false, AllowSynchronousIO = false };
        KestrelServerLimits limits = options.Limits;
        // A frozen process may stop in the middle of a request for as long as it stays frozen: no clock may count against it.
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;
        limits.KeepAliveTimeout = TimeSpan.FromDays(1);
        limits.RequestHeadersTimeout = TimeSpan.FromDays(1);
        limits.MaxRequestBodySize = null; // each API has limits of its own, and words for them
        options.Listen(new IPEndPoint(IPAddress.Loopback, 0), static listen => listen.Protocols = HttpProtocols.Http1);
        _server = new KestrelServer(Options.Create(options), _hub, NullLoggerFactory.Instance);
    }

    /// <summary>Starts the server. Exceptions of applications go to <paramref name="failed"/>, and the client gets a 500.</summary>
    public static async Task<HttpService> StartAsync(Action<Exception> failed, CancellationToken cancellation)
    {
        var service = new HttpService(failed);
        await service._server.StartAsync(service, cancellation);
        return service;
    }

    /// <inheritdoc cref="EndpointHub.Listen"/>
    public HttpEndpoint Listen(int port, RequestDelegate handle) => _hub.Listen(port, new EndpointApplication(handle));

    HttpContext IHttpApplication<HttpContext>.CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    async Task IHttpApplication<HttpContext>.ProcessRequestAsync(HttpContext context)
    {
        try
        {
            await context.Features.Get<EndpointApplication>()!.HandleAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client is gone, nobody waits for an answer.
        }
        catch (Exception exception) when (exception is not IOException and not Microsoft.AspNetCore.Http.BadHttpRequestException)
        {
            _failed(exception);
            throw;
        }
    }

    void IHttpApplication<HttpContext>.DisposeContext(HttpContext context, Exception? exception) { }

    public async ValueTask DisposeAsync()
    {
        // Connections that idle in a client's pool are closed; those in mid-request have a second to end.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1), TimeProvider.System);
        await _server.StopAsync(patience.Token);
        _server.Dispose();
    }
}
