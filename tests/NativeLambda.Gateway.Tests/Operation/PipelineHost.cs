using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NativeLambda.Gateway.Access;
using NativeLambda.Gateway.Configuration;
using NativeLambda.Gateway.Operation;
using NativeLambda.Gateway.Operation.Draining;
using NativeLambda.Gateway.Operation.FirstPage;
using NativeLambda.Gateway.Operation.Requests;
using NativeLambda.Gateway.Routing;
using NativeLambda.Payloads;

namespace NativeLambda.Gateway.Tests.Operation;

/// <summary>The gateway's steps up to the function, on real sockets; the function is the test's.</summary>
internal sealed class PipelineHost : IAsyncDisposable
{
    public static readonly OperationOptions Quiet = new() { Management = null, AccessLog = null };

    private readonly WebApplication _app;
    private readonly AccessServices _services;

    private PipelineHost(WebApplication app, GatewayState state, AccessServices services)
    {
        (_app, State, _services) = (app, state, services);
        Operation = app.Services.GetRequiredService<GatewayOperation>();
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.First().Replace("http://unix:", "http://localhost", StringComparison.Ordinal)) };
    }

    public GatewayState State { get; }

    public GatewayOperation Operation { get; }

    public HttpClient Client { get; }

    /// <summary>The facts of the last request that reached its end.</summary>
    public RequestFacts? Last { get; private set; }

    /// <summary>What the authorizer found out for the last request that reached the function.</summary>
    public JwtIdentity? Jwt { get; private set; }

    public int Calls { get; private set; }

    public static Route Route(string method, string path, RouteAccessOptions access) =>
        new() { Key = RouteKey.Parse($"{method} {path}"), Function = "products", Access = access };

    /// <summary>Starts one with a route for all requests and a plain listener on a free port, unless the configuration says otherwise.</summary>
    public static async Task<PipelineHost> StartAsync(
        GatewayConfiguration configuration, Func<HttpContext, Task>? function = null, AccessServices? services = null, TimeProvider? time = null, ILogger? logger = null)
    {
        time ??= TimeProvider.System;
        using var loggers = new SingleLoggerFactory(logger);
        services ??= AccessServices.Create(time, loggers.CreateLogger(""));
        if (configuration.Listeners.Count == 0)
            configuration = configuration with { Listeners = [new ListenerOptions { EndPoint = new IPEndPoint(IPAddress.Loopback, 0) }] };
        if (configuration.Routes.Count == 0)
            configuration = configuration with { Routes = [new Route { Key = RouteKey.Default, Function = "products" }] };
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            foreach (ListenerOptions listener in configuration.Listeners)
                kestrel.ApplicationServices.GetRequiredService<GatewayOperation>().Listen(kestrel, listener);
        });
        builder.Services.AddSingleton<IHostLifetime, SilentLifetime>();
        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = Timeout.InfiniteTimeSpan);
        builder.Services.AddSingleton(_ => new GatewayOperation(configuration, time, new SingleLoggerFactory(logger)));
        WebApplication app = builder.Build();
        var state = new GatewayState(new GatewaySnapshot(configuration, services));
        PipelineHost? host = null;
        var operation = app.Services.GetRequiredService<GatewayOperation>();
        app.Use(next => new RequestObserver(next, operation.Observer).InvokeAsync);
        app.Use(async (context, next) =>
        {
            await next(context);
            host!.Last = RequestFacts.Of(context);
        });
        app.Use(next => new InFlightStep(next, operation.InFlight).InvokeAsync);
        app.Use(next => new RequestArrival(next, state).InvokeAsync);
        app.Use(static next => new RouteSelection(next).InvokeAsync);
        app.Use(static next => new CorsStep(next).InvokeAsync);
        app.Use(static next => new FirstPageStep(next).InvokeAsync);
        app.Use(static next => new RouteRequired(next).InvokeAsync);
        app.Use(static next => new GateStep(next).InvokeAsync);
        app.Run(context =>
        {
            host!.Calls++;
            host.Jwt = GatewayRequest.Of(context).Jwt;
            RequestFacts.Of(context).Route = GatewayRequest.Of(context).Route.ToString();
            return function is null ? context.Response.WriteAsync("hello") : function(context);
        });
        try
        {
            await operation.StartAsync(CancellationToken.None);
            await app.StartAsync();
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
        operation.Started();
        return host = new PipelineHost(app, state, services);
    }

    public async Task<HttpResponseMessage> SendAsync(string method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        foreach ((string name, string value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await Client.SendAsync(request);
    }

    public Task<int> DrainAsync(DrainOptions options, CancellationToken hurry = default) => Operation.DrainAsync(options, _app.StopAsync, hurry);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        State.Current.Access.Retire(null);
        _services.Dispose();
    }
}
