using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using NativeLambda.Gateway.Access;
using NativeLambda.Gateway.Configuration;
using NativeLambda.Gateway.Lambda;
using NativeLambda.Gateway.Operation;
using NativeLambda.Gateway.Operation.Draining;

namespace NativeLambda.Gateway;

/// <summary>The gateway while it runs: its HTTP server, its pipeline and the configuration that may be replaced under it.</summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    // A line ends with CR LF. RFC 9112, 2.2 allows to take LF alone, too, and that is what requests for two readings are made of.
    static GatewayHost() => AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators", true);

    private readonly WebApplication _app;

    private readonly AccessServices _access;
    private readonly GatewayConfiguration _started;

    private GatewayHost(WebApplication app, AccessServices access, GatewayState state, GatewayOperation operation) =>
        (_app, _access, _started, State, Operation) = (app, access, state.Current.Configuration, state, operation);

    /// <summary>The configuration for the requests that come now.</summary>
    public GatewayState State { get; }

    /// <summary>How it is operated: health, log, metrics, certificates.</summary>
    public GatewayOperation Operation { get; }

    /// <summary>Where it listens for clients, with the ports that were taken for 0, in the order of the listeners.</summary>
    public IReadOnlyList<string> Addresses => [.. _app.Urls];

    /// <summary>Starts it.</summary>
    /// <exception cref="IOException">A listener's address is taken.</exception>
    /// <exception cref="AccessOptionsException">Access cannot be as the configuration has it.</exception>
    public static async Task<GatewayHost> StartAsync(
        GatewayConfiguration configuration, ILambdaClient lambda, TimeProvider time, CancellationToken cancellation, ILoggerFactory? loggers = null)
    {
        // The empty builder reads no appsettings.json and no ASPNETCORE_ variables: what the gateway does stands in its own file alone.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => ConfigureServer(kestrel, configuration));
        // Each request then takes a call of the kernel less, for 4 KiB of a connection that is idle.
        builder.Services.Configure<SocketTransportOptions>(static sockets => sockets.WaitForDataBeforeAllocatingBuffer = false);
        builder.Services.AddSingleton<IHostLifetime, SilentLifetime>(); // signals are the command's: the end takes its time
        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = Timeout.InfiniteTimeSpan); // as long as the drain says
        builder.Services.AddSingleton(services => new GatewayOperation(configuration, time, services.GetRequiredService<ILoggerFactory>()));
        if (loggers is not null) builder.Services.AddSingleton(loggers);
        WebApplication app = builder.Build();
        loggers = app.Services.GetRequiredService<ILoggerFactory>();
        var access = AccessServices.Create(time, loggers.CreateLogger("NativeLambda.Gateway.Access"));
        var state = new GatewayState(new GatewaySnapshot(configuration, access));
        var operation = app.Services.GetRequiredService<GatewayOperation>();
        GatewayPipeline.Build(app, state, lambda, operation, time, loggers.CreateLogger("NativeLambda.Gateway"));
        try
        {
            await operation.StartAsync(cancellation);
            await app.StartAsync(cancellation);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
        operation.Started();
        return new GatewayHost(app, access, state, operation);
    }

    /// <summary>Takes no more connections and waits for the requests under way.</summary>
    /// <param name="hurry">When to wait no longer.</param>
    public Task StopAsync(CancellationToken hurry) => _app.StopAsync(hurry);

    /// <summary>Ends in order, as the configuration says: see <see cref="Drain"/>.</summary>
    /// <param name="hurry">Ends it at once.</param>
    /// <returns>How many requests were cut off.</returns>
    public Task<int> DrainAsync(CancellationToken hurry) => Operation.DrainAsync(State.Current.Configuration.Operation.Drain, StopAsync, hurry);

    /// <summary>Lets another configuration count from the next request on; those under way keep theirs.</summary>
    /// <returns>The parts of it that differ and wait for a restart.</returns>
    /// <exception cref="AccessOptionsException">Access cannot be as it has it; nothing has changed.</exception>
    public IReadOnlyList<string> Apply(GatewayConfiguration next)
    {
        GatewaySnapshot previous = State.Current;
        var snapshot = new GatewaySnapshot(next, _access, previous);
        State.Replace(snapshot);
        Operation.InFlight.Limit = next.Access.MaxInFlight ?? int.MaxValue;
        previous.Access.Retire(snapshot.Access);
        return FixedParts.Differing(_started, next);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _access.Dispose();
    }

    private static void ConfigureServer(KestrelServerOptions kestrel, GatewayConfiguration configuration)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = null; // each route has a limit of its own
        kestrel.Limits.RequestHeadersTimeout = configuration.HeadersTimeout;
        var operation = kestrel.ApplicationServices.GetRequiredService<GatewayOperation>();
        foreach (ListenerOptions listener in configuration.Listeners) operation.Listen(kestrel, listener);
    }
}
