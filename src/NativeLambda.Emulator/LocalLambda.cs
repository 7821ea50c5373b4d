using System.Net.Sockets;
using NativeLambda.Emulator.Api;
using NativeLambda.Emulator.Dashboard;
using NativeLambda.Emulator.Dashboard.Feed;
using NativeLambda.Emulator.Environments;
using NativeLambda.Emulator.Freezing;
using NativeLambda.Emulator.FrontDoor;
using NativeLambda.Emulator.Functions;
using NativeLambda.Emulator.Http;
using NativeLambda.Emulator.Logging;
using NativeLambda.Emulator.Sandboxing;

namespace NativeLambda.Emulator;

/// <summary>A Lambda service on this machine: the environments of its functions are real processes, frozen between invocations.</summary>
/// <remarks>
/// <code>
/// await using LocalLambda lambda = await LocalLambda.StartAsync(new LocalLambdaOptions { Bootstrap = "publish/bootstrap" });
/// InvokeResult result = await lambda.InvokeAsync("""{"key":"value"}""");
/// </code>
/// It listens on the loopback interface only. Disposing it ends every process it has started, and so does its own end, however it comes.
/// </remarks>
public sealed class LocalLambda : IAsyncDisposable
{
    private readonly FunctionLog _log;
    private readonly EmulatorServices _services;
    private readonly FunctionHost[] _functions;
    private readonly List<HttpEndpoint> _endpoints = [];
    private readonly Lock _changeGate = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DashboardServer? _dashboard;
    private int _disposed;

    private LocalLambda(EmulatorServices services, FunctionLog log, IReadOnlyList<FunctionSettings> functions, AccountConcurrency account)
    {
        _log = log;
        _services = services with { Changed = NotifyChange };
        _functions = [.. functions.Select(function => new FunctionHost(function, _services, account.CreateShare(function.ConcurrencySetAside), log.Append))];
    }

    /// <summary>Where the Invoke API listens: the endpoint URL for AWS's SDKs.</summary>
    public Uri InvokeEndpoint { get; private set; } = null!;

    /// <summary>The functions, in the order of the options.</summary>
    public IReadOnlyList<FunctionHost> Functions => _functions;

    /// <summary>The URL of the first function, which is the only one in the simple form.</summary>
    public Uri FunctionUrl => _functions[0].Url;

    /// <summary>Where the dashboard is; nothing without <see cref="LocalLambdaOptions.DashboardPort"/>.</summary>
    public Uri? DashboardUrl { get; private set; }

    /// <summary>How environments are frozen; never <see cref="FreezeMethod.Auto"/>.</summary>
    public FreezeMethod FreezeMethod => _services.Sandboxes.FreezeMethod;

    /// <summary>The living environments of all functions as they are now, those of a function oldest first.</summary>
    public IReadOnlyList<EnvironmentSnapshot> Environments => [.. _functions.SelectMany(static function => function.Environments)];

    /// <summary>The most recent lines of the log of all functions (10,000 are kept), oldest first.</summary>
    public IReadOnlyList<LogLine> LogLines => _log.Lines;

    /// <summary>The process that ends the environments should this one die.</summary>
    internal int WatchdogProcessId => _services.Sandboxes.WatchdogProcessId;

    /// <summary>The control groups of this emulator.</summary>
    internal IReadOnlyList<string> ControlGroups => _services.Sandboxes.ControlGroups;

    /// <summary>Starts the service. No environment but the provisioned ones is started before the first invocation.</summary>
    /// <exception cref="ArgumentException">An option is out of its limits.</exception>
    /// <exception cref="BootstrapException">A bootstrap is absent, not executable, or made for another machine.</exception>
    /// <exception cref="FreezeException">The wanted freezing method is not available here.</exception>
    /// <exception cref="SandboxException">The network is to be isolated, and cannot be.</exception>
    /// <exception cref="PortTakenException">A port is in use.</exception>
    public static async Task<LocalLambda> StartAsync(LocalLambdaOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        IReadOnlyList<FunctionSettings> functions = FunctionSettingsReader.ReadAll(options);
        foreach (FunctionSettings function in functions) BootstrapFile.Check(function);
        var account = new AccountConcurrency(options.AccountConcurrency, [.. functions.Select(static function => function.ConcurrencySetAside)]);
        FeedState? feed = options.DashboardPort is null ? null : new FeedState(options.TimeProvider);
        var log = new FunctionLog(options.TimeProvider, feed is null ? options.LogSink : (Action<LogLine>)feed.Observe + options.LogSink);
        EmulatorServices services = await StartServicesAsync(options, log, feed, cancellation);
        var lambda = new LocalLambda(services, log, functions, account);
        try
        {
            lambda.Listen(options);
            foreach (FunctionHost function in lambda._functions) function.Start();
            return lambda;
        }
        catch
        {
            await lambda.DisposeAsync();
            throw;
        }
    }

    /// <summary>The function of that name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public FunctionHost Function(string name) =>
        _functions.FirstOrDefault(function => function.Name == name) ?? throw new ArgumentException($"there is no function {name}", nameof(name));

    /// <summary>Invokes the first function and waits for its response, or for the error in its stead.</summary>
    /// <param name="payload">The event, JSON.</param>
    /// <param name="options">Everything else; by default as a plain synchronous call.</param>
    /// <param name="cancellation">Ends the wait; the invocation goes on.</param>
    public Task<InvokeResult> InvokeAsync(
        ReadOnlyMemory<byte> payload, InvokeOptions? options = null, CancellationToken cancellation = default) =>
        _functions[0].InvokeAsync(payload, options, cancellation);

    /// <inheritdoc cref="InvokeAsync(ReadOnlyMemory{byte}, InvokeOptions?, CancellationToken)"/>
    public Task<InvokeResult> InvokeAsync(string payload, InvokeOptions? options = null, CancellationToken cancellation = default) =>
        _functions[0].InvokeAsync(payload, options, cancellation);

    /// <summary>Starts an environment of the first function ahead of any invocation, and returns when it is frozen.</summary>
    /// <exception cref="InitFailedException">Its Init failed; the environment is gone.</exception>
    /// <exception cref="InvalidOperationException">The maximum concurrency is reached.</exception>
    public Task<EnvironmentSnapshot> StartEnvironmentAsync() => _functions[0].StartEnvironmentAsync();

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
    public Task FreezeAsync(string environmentId) => Locate(environmentId).Environment.FreezeAsync();

    /// <summary>Thaws an environment, which runs on without an invocation. The next invocation thaws by itself.</summary>
    /// <exception cref="ArgumentException">There is no such environment.</exception>
    public Task ThawAsync(string environmentId) => Locate(environmentId).Environment.ThawAsync();

    /// <summary>
    /// Ends an environment in order, after the invocation that it serves: thawed, SIGTERM and 500 ms where an extension is registered,
    /// then SIGKILL.
    /// </summary>
    /// <exception cref="ArgumentException">There is no such environment.</exception>
    public async Task ShutdownEnvironmentAsync(string environmentId)
    {
        (FunctionHost function, ExecutionEnvironment environment) = Locate(environmentId);
        await function.Pool.StopAsync(environment, kill: false);
        NotifyChange();
    }

    /// <summary>Ends an environment by SIGKILL at once. The caller of an invocation that it serves gets <c>Runtime.ExitError</c>.</summary>
    /// <exception cref="ArgumentException">There is no such environment.</exception>
    public async Task KillAsync(string environmentId)
    {
        (FunctionHost function, ExecutionEnvironment environment) = Locate(environmentId);
        await function.Pool.StopAsync(environment, kill: true);
        NotifyChange();
    }

    /// <summary>Shuts all environments down and ends the service.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        foreach (HttpEndpoint endpoint in _endpoints) endpoint.Dispose();
        await Task.WhenAll(_functions.Select(static async function => await function.DisposeAsync()));
        if (_dashboard is not null) await _dashboard.DisposeAsync();
        await DisposeServicesAsync(_services);
    }

    private static async Task<EmulatorServices> StartServicesAsync(
        LocalLambdaOptions options, FunctionLog log, FeedState? feed, CancellationToken cancellation)
    {
        SandboxFactory sandboxes = SandboxFactory.Create(options, text => log.Write("", LogSource.Platform, text));
        HttpService http = await HttpService.StartAsync(
            exception => log.Write("", LogSource.Platform, $"the emulator failed: {exception}"), cancellation);
        return new EmulatorServices
        {
            Time = options.TimeProvider,
            Sandboxes = sandboxes,
            Http = http,
            Changed = static () => { },
            Dashboard = feed,
        };
    }

    private static async Task DisposeServicesAsync(EmulatorServices services)
    {
        await services.Http.DisposeAsync();
        await services.Sandboxes.DisposeAsync();
    }

    /// <summary>Opens the Invoke API and the URL of every function.</summary>
    private void Listen(LocalLambdaOptions options)
    {
        InvokeEndpoint = Listen(options.Port, new LambdaApi(_functions).HandleAsync);
        foreach (FunctionHost function in _functions)
        {
            var url = new FunctionUrl(function, _services.Time);
            function.Url = Listen(function.Settings.FunctionUrlPort, url.HandleAsync);
        }
        if (_services.Dashboard is not { } feed) return;
        _dashboard = new DashboardServer(feed, new LambdaTarget(this), options.DashboardDatabase);
        DashboardUrl = Listen(options.DashboardPort!.Value, _dashboard.HandleAsync);
    }

    private (FunctionHost Function, ExecutionEnvironment Environment) Locate(string environmentId)
    {
        foreach (FunctionHost function in _functions)
            if (function.Find(environmentId) is { } environment) return (function, environment);
        throw new ArgumentException($"there is no environment {environmentId}", nameof(environmentId));
    }

    private Uri Listen(int port, Microsoft.AspNetCore.Http.RequestDelegate handle)
    {
        try
        {
            HttpEndpoint endpoint = _services.Http.Listen(port, handle);
            _endpoints.Add(endpoint);
            return endpoint.Uri;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new PortTakenException(port, exception);
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AccessDenied)
        {
            throw new ArgumentException($"port {port} is not for this user to listen on: choose one from 1024 on, or 0 for any free one", exception);
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
