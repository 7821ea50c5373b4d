using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using NativeLambda.Gateway.Access.Limits;
using NativeLambda.Gateway.Configuration;
using NativeLambda.Gateway.Operation.Draining;
using NativeLambda.Gateway.Operation.Logging;
using NativeLambda.Gateway.Operation.Management;
using NativeLambda.Gateway.Operation.Requests;
using NativeLambda.Gateway.Operation.Sockets;
using NativeLambda.Gateway.Operation.Telemetry;
using NativeLambda.Gateway.Operation.Tls;

namespace NativeLambda.Gateway.Operation;

/// <summary>All that is there to operate a gateway, from before its first connection to after its last: log, metrics, health, certificates, end.</summary>
internal sealed class GatewayOperation : IAsyncDisposable
{
    private readonly GatewayConfiguration _configuration;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly AccessLog? _log;
    private readonly List<ReloadingCertificate> _certificates = [];
    private readonly DrainState _drain = new();
    private TelemetryExport? _export;
    private ManagementServer? _management;
    private volatile bool _started;

    /// <exception cref="IOException">The access log cannot be opened.</exception>
    public GatewayOperation(GatewayConfiguration configuration, TimeProvider time, ILoggerFactory loggers)
    {
        (_configuration, _time, _logger) = (configuration, time, loggers.CreateLogger("NativeLambda.Gateway.Operation"));
        _log = configuration.Operation.AccessLog is { } log ? new AccessLog(log, time, _logger) : null;
        InFlight.Limit = configuration.Access.MaxInFlight ?? int.MaxValue;
        Readiness.Add(() => _started ? null : "starting");
        Readiness.Add(() => _drain.IsDraining ? "draining" : null);
        Metrics.Observe("nativelambda.gateway.requests.in_flight", "{request}", "Requests under way.", () => new Measurement<int>[] { new(InFlight.Count) });
        Metrics.Observe("nativelambda.gateway.access_log.lost", "{line}", "Lines that the access log lost.", () => new Measurement<long>[] { new(_log?.Lost ?? 0) });
        Metrics.Observe("nativelambda.gateway.certificate.expiry", "s", "How long certificates are still good for.", () =>
            _certificates.Select(certificate => new Measurement<double>((certificate.NotAfter - time.GetUtcNow()).TotalSeconds, new KeyValuePair<string, object?>("file", certificate.File))));
    }

    /// <summary>The requests under way.</summary>
    public InFlight InFlight { get; } = new();

    /// <summary>The instruments.</summary>
    public GatewayMetrics Metrics { get; } = new();

    /// <summary>Whether it should get requests; whoever knows a reason why not adds it.</summary>
    public Readiness Readiness { get; } = new();

    /// <summary>Where health, readiness and metrics are; null for nowhere.</summary>
    public Uri? ManagementAddress => _management?.Address;

    /// <summary>What the outermost step needs.</summary>
    public RequestObserverServices Observer => new(_time, _log, Metrics, _drain, _logger);

    /// <summary>Begins to collect what somebody is told of, and answers for health.</summary>
    /// <exception cref="IOException">The address of management is taken.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        ManagementOptions? management = _configuration.Operation.Management;
        _export = TelemetryExport.Start(management is { Prometheus: true }, Environment.GetEnvironmentVariable);
        if (management is not null) _management = await ManagementServer.StartAsync(management, Readiness, _export.Metrics, cancellation);
    }

    /// <summary>The listeners are open: it is ready.</summary>
    public void Started()
    {
        foreach (ListenerOptions listener in _configuration.Listeners)
            if (listener.UnixSocket is { } socket) UnixSocketFile.Open(socket);
        _started = true;
    }

    /// <summary>Opens a listener.</summary>
    /// <exception cref="CertificateException">Its certificate cannot be used.</exception>
    /// <exception cref="IOException">Its socket cannot be had.</exception>
    public void Listen(KestrelServerOptions kestrel, ListenerOptions listener)
    {
        if (listener.UnixSocket is { } socket)
        {
            UnixSocketFile.RemoveStale(socket.Path);
            kestrel.ListenUnixSocket(socket.Path, Configure);
        }
        else kestrel.Listen(listener.EndPoint!, Configure);

        void Configure(ListenOptions options)
        {
            if (listener.Tls is not { } tls) return;
            var certificate = ReloadingCertificate.Load(tls, _time, _logger);
            _certificates.Add(certificate);
            options.UseHttps(certificate.Handshake());
        }
    }

    /// <summary>Opens the access log's file anew, and looks at certificates: SIGHUP.</summary>
    public void Reopen()
    {
        _log?.Reopen();
        foreach (ReloadingCertificate certificate in _certificates) certificate.Reload();
    }

    /// <summary>Ends the server in order.</summary>
    /// <param name="options">How.</param>
    /// <param name="stopServer">Takes no more connections and waits for the requests under way, until its token fires.</param>
    /// <param name="hurry">Ends it at once.</param>
    /// <returns>How many requests were cut off.</returns>
    public Task<int> DrainAsync(DrainOptions options, Func<CancellationToken, Task> stopServer, CancellationToken hurry) =>
        new Drain(_drain, InFlight, _time, _logger).RunAsync(options, stopServer, hurry);

    public async ValueTask DisposeAsync()
    {
        foreach (ReloadingCertificate certificate in _certificates) await certificate.DisposeAsync();
        if (_management is not null) await _management.DisposeAsync();
        _export?.Dispose(); // tells a collector the last of it
        Metrics.Dispose();
        if (_log is not null) await _log.DisposeAsync();
    }
}
