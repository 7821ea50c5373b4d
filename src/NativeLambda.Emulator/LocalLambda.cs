using System.Globalization;
using System.Net.Sockets;
using System.Text;
using NativeLambda.Emulator.Api;
using NativeLambda.Emulator.Environments;
using NativeLambda.Emulator.Freezing;
using NativeLambda.Emulator.FrontDoor;
using NativeLambda.Emulator.Http;
using NativeLambda.Emulator.Logging;
using NativeLambda.Emulator.Processes;

namespace NativeLambda.Emulator;

/// <summary>A Lambda service for one function on this machine: its environments are real processes, frozen between invocations.</summary>
/// <remarks>
/// <code>
/// await using LocalLambda lambda = await LocalLambda.StartAsync(new LocalLambdaOptions { Bootstrap = "publish/bootstrap" });
/// InvokeResult result = await lambda.InvokeAsync("""{"key":"value"}""");
/// </code>
/// It listens on the loopback interface only. Disposing it ends every process it has started, and so does its own end, however it comes.
/// </remarks>
public sealed class LocalLambda : IAsyncDisposable
{
    private readonly LocalLambdaOptions _options;
    private readonly FunctionSettings _function;
    private readonly FunctionLog _log;
    private readonly FreezerFactory _freezers;
    private readonly ProcessMonitor _monitor;
    private readonly Watchdog _watchdog;
    private readonly HttpService _http;
    private readonly EnvironmentPool _pool;
    private readonly InvokeService _invoke;
    private readonly List<HttpEndpoint> _endpoints = [];
    private readonly Lock _changeGate = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _disposed;

    private LocalLambda(
        LocalLambdaOptions options, FunctionSettings function, FunctionLog log, FreezerFactory freezers, ProcessMonitor monitor,
        Watchdog watchdog, HttpService http)
    {
        (_options, _function, _log, _freezers, _monitor, _watchdog, _http) = (options, function, log, freezers, monitor, watchdog, http);
        _pool = new EnvironmentPool(CreateEnvironment, options.MaxConcurrency, log);
        _invoke = new InvokeService(function, _pool, options.TimeProvider);
    }

    /// <summary>Where the Invoke API listens: the endpoint URL for AWS's SDKs.</summary>
    public Uri InvokeEndpoint { get; private set; } = null!;

    /// <summary>The function's URL: HTTP requests to it become events of the HTTP API's payload format 2.0.</summary>
    public Uri FunctionUrl { get; private set; } = null!;

    /// <summary>How environments are frozen; never <see cref="FreezeMethod.Auto"/>.</summary>
    public FreezeMethod FreezeMethod => _freezers.Method;

    /// <summary>The living environments as they are now, oldest first.</summary>
    public IReadOnlyList<EnvironmentSnapshot> Environments => [.. _pool.All.Select(static environment => environment.Snapshot)];

    /// <summary>The most recent lines of the log (10,000 are kept), oldest first.</summary>
    public IReadOnlyList<LogLine> LogLines => _log.Lines;

    /// <summary>The process that ends the environments should this one die.</summary>
    internal int WatchdogProcessId => _watchdog.ProcessId;

    /// <summary>The control group of this emulator, or nothing with signals.</summary>
    internal string? ControlGroup => _freezers.Directory;

    /// <summary>Starts the service. No environment is started before the first invocation.</summary>
    /// <exception cref="ArgumentException">An option is out of its limits.</exception>
    /// <exception cref="BootstrapException">The bootstrap is absent, not executable, or made for another machine.</exception>
    /// <exception cref="FreezeException">The wanted freezing method is not available here.</exception>
    /// <exception cref="PortTakenException">A port is in use.</exception>
    public static async Task<LocalLambda> StartAsync(LocalLambdaOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        FunctionSettings function = FunctionSettingsReader.Read(options);
        BootstrapFile.Check(function.Bootstrap);
        var log = new FunctionLog(options.TimeProvider, options.LogSink);
        FreezerFactory freezers = FreezerFactory.Create(options.FreezeMethod);
        var monitor = new ProcessMonitor();
        Watchdog watchdog = Watchdog.Start(monitor, freezers.Directory);
        HttpService http = await HttpService.StartAsync(
            exception => log.Write("", LogSource.Platform, $"the emulator failed: {exception}"), cancellation);
        var lambda = new LocalLambda(options, function, log, freezers, monitor, watchdog, http);
        try
        {
            lambda.InvokeEndpoint = lambda.Listen(options.Port, new InvokeApi(function, lambda._invoke).HandleAsync);
            lambda.FunctionUrl = lambda.Listen(
                options.FunctionUrlPort,
                new FunctionUrl((payload, aborted) => lambda.InvokeAsync(payload, options: null, aborted), options.TimeProvider).HandleAsync);
            return lambda;
        }
        catch
        {
            await lambda.DisposeAsync();
            throw;
        }
    }

    /// <summary>Invokes the function and waits for its response, or for the error in its stead.</summary>
    /// <param name="payload">The event, JSON.</param>
    /// <param name="options">Everything else; by default as a plain synchronous call.</param>
    /// <param name="cancellation">Ends the wait; the invocation goes on.</param>
    public Task<InvokeResult> InvokeAsync(
        ReadOnlyMemory<byte> payload, InvokeOptions? options = null, CancellationToken cancellation = default) =>
        _invoke.InvokeAsync(payload, options ?? new InvokeOptions(), invokedArn: null, cancellation);

    /// <inheritdoc cref="InvokeAsync(ReadOnlyMemory{byte}, InvokeOptions?, CancellationToken)"/>
    public Task<InvokeResult> InvokeAsync(string payload, InvokeOptions? options = null, CancellationToken cancellation = default) =>
        InvokeAsync(Encoding.UTF8.GetBytes(payload), options, cancellation);

    /// <summary>Starts an environment ahead of any invocation, as provisioned concurrency does, and returns when it is frozen.</summary>
    /// <exception cref="InitFailedException">Its Init failed; the environment is gone.</exception>
    /// <exception cref="InvalidOperationException">The maximum concurrency is reached.</exception>
    public async Task<EnvironmentSnapshot> StartEnvironmentAsync()
    {
        (ExecutionEnvironment environment, InitFailure? failure) = await _pool.StartAsync();
        return failure is null
            ? environment.Snapshot
            : throw new InitFailedException(failure.ErrorType, Encoding.UTF8.GetString(failure.Outcome("none").Payload.Span));
    }

    /// <summary>Waits until the environments are as wanted.</summary>
    /// <returns>The environments as they were then.</returns>
    public async Task<IReadOnlyList<EnvironmentSnapshot>> WaitUntilAsync(
        Func<IReadOnlyList<EnvironmentSnapshot>, bool> condition, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(condition);
        while (true)
        {
            Task changed;
            lock (_changeGate) changed = _changed.Task;
            IReadOnlyList<EnvironmentSnapshot> environments = Environments;
            if (condition(environments)) return environments;
            await changed.WaitAsync(cancellation);
        }
    }

    /// <summary>The first kept line of the log that satisfies the condition, waiting for it if need be.</summary>
    public Task<LogLine> WaitForLogAsync(Func<LogLine, bool> condition, CancellationToken cancellation = default) =>
        _log.WaitAsync(condition, cancellation);

    /// <summary>Freezes an environment whatever it does: the invocation it serves stands still while its deadline approaches.</summary>
    /// <exception cref="ArgumentException">There is no such environment.</exception>
    public Task FreezeAsync(string environmentId) => Find(environmentId).FreezeAsync();

    /// <summary>Thaws an environment, which runs on without an invocation. The next invocation thaws by itself.</summary>
    /// <exception cref="ArgumentException">There is no such environment.</exception>
    public Task ThawAsync(string environmentId) => Find(environmentId).ThawAsync();

    /// <summary>
    /// Ends an environment in order, after the invocation that it serves: thawed, SIGTERM and 500 ms where an extension is registered,
    /// then SIGKILL.
    /// </summary>
    /// <exception cref="ArgumentException">There is no such environment.</exception>
    public async Task ShutdownEnvironmentAsync(string environmentId)
    {
        await _pool.StopAsync(Find(environmentId), kill: false);
        NotifyChange();
    }

    /// <summary>Ends an environment by SIGKILL at once. The caller of an invocation that it serves gets <c>Runtime.ExitError</c>.</summary>
    /// <exception cref="ArgumentException">There is no such environment.</exception>
    public async Task KillAsync(string environmentId)
    {
        await _pool.StopAsync(Find(environmentId), kill: true);
        NotifyChange();
    }

    /// <summary>Shuts all environments down and ends the service.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        foreach (HttpEndpoint endpoint in _endpoints) endpoint.Dispose();
        await _pool.DisposeAsync();
        await _http.DisposeAsync();
        _freezers.Dispose();
        await _watchdog.DisposeAsync();
        _monitor.Dispose();
    }

    private ExecutionEnvironment Find(string id) =>
        _pool.All.FirstOrDefault(environment => environment.Id == id)
        ?? throw new ArgumentException($"there is no environment {id}", nameof(id));

    private ExecutionEnvironment CreateEnvironment(bool provisioned)
    {
        string id = Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);
        ExecutionEnvironment? environment = null;
        HttpEndpoint endpoint = _http.Listen(0, new RuntimeApi(() => environment?.Session, _function).HandleAsync);
        var sandbox = new Sandbox(_monitor, _watchdog, _freezers.CreateFreezer(id));
        environment = new ExecutionEnvironment(id, _function, sandbox, _log, _options.TimeProvider, endpoint, provisioned, NotifyChange);
        return environment;
    }

    private Uri Listen(int port, Microsoft.AspNetCore.Http.RequestDelegate handle)
    {
        try
        {
            HttpEndpoint endpoint = _http.Listen(port, handle);
            _endpoints.Add(endpoint);
            return endpoint.Uri;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new PortTakenException(port, exception);
        }
    }

    private void NotifyChange()
    {
        TaskCompletionSource changed;
        lock (_changeGate)
        {
            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        changed.SetResult();
    }
}
