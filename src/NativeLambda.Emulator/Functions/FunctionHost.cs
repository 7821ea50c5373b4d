using System.Globalization;
using System.Text;
using NativeLambda.Emulator.Api;
using NativeLambda.Emulator.Environments;
using NativeLambda.Emulator.Logging;

namespace NativeLambda.Emulator.Functions;

/// <summary>One function of a <see cref="LocalLambda"/>: its environments, its log, its URL.</summary>
public sealed class FunctionHost : IAsyncDisposable
{
    private readonly EmulatorServices _services;
    private readonly FunctionLog _log;
    private ProvisionedConcurrency? _provisioned;

    internal FunctionHost(FunctionSettings settings, EmulatorServices services, AccountConcurrency.Share account, Action<LogLine> log)
    {
        Settings = settings;
        _services = services;
        _log = new FunctionLog(services.Time, log, settings.Name);
        Pool = new EnvironmentPool(settings, CreateEnvironment, account, services.Time, _log);
        Invocations = new InvokeService(settings, Pool, services.Time);
        Events = new EventQueue(settings, Invocations, services.Time, _log);
    }

    /// <summary>The function's name.</summary>
    public string Name => Settings.Name;

    /// <summary>Its ARN.</summary>
    public string Arn => Settings.Arn;

    /// <summary>The function's URL: HTTP requests to it become events of the HTTP API's payload format 2.0.</summary>
    public Uri Url { get; internal set; } = null!;

    /// <summary>Its living environments as they are now, oldest first.</summary>
    public IReadOnlyList<EnvironmentSnapshot> Environments => [.. Pool.All.Select(static environment => environment.Snapshot)];

    /// <summary>The most recent lines of its log (10,000 are kept), oldest first.</summary>
    public IReadOnlyList<LogLine> LogLines => _log.Lines;

    /// <summary>How many events of asynchronous invocations wait or run.</summary>
    public int PendingEvents => Events.Count;

    internal FunctionSettings Settings { get; }

    internal EnvironmentPool Pool { get; }

    internal InvokeService Invocations { get; }

    internal EventQueue Events { get; }

    /// <summary>Invokes the function and waits for its response, or for the error in its stead.</summary>
    /// <param name="payload">The event, JSON.</param>
    /// <param name="options">Everything else; by default as a plain synchronous call.</param>
    /// <param name="cancellation">Ends the wait; the invocation goes on.</param>
    public Task<InvokeResult> InvokeAsync(
        ReadOnlyMemory<byte> payload, InvokeOptions? options = null, CancellationToken cancellation = default) =>
        Invocations.InvokeAsync(payload, options ?? new InvokeOptions(), invokedArn: null, requestId: null, cancellation);

    /// <inheritdoc cref="InvokeAsync(ReadOnlyMemory{byte}, InvokeOptions?, CancellationToken)"/>
    public Task<InvokeResult> InvokeAsync(string payload, InvokeOptions? options = null, CancellationToken cancellation = default) =>
        InvokeAsync(Encoding.UTF8.GetBytes(payload), options, cancellation);

    /// <summary>
    /// Hands an event over for an asynchronous invocation: it is tried as often as <see cref="FunctionOptions.MaximumRetryAttempts"/>
    /// says, and ends in the <see cref="FunctionOptions.DeadLetterFile"/> if all fail.
    /// </summary>
    /// <returns>The id of the request.</returns>
    public string Enqueue(ReadOnlyMemory<byte> payload) => Events.Enqueue(payload, new InvokeOptions(), Arn);

    /// <summary>Starts an environment ahead of any invocation, as provisioned concurrency does, and returns when it is frozen.</summary>
    /// <exception cref="InitFailedException">Its Init failed; the environment is gone.</exception>
    /// <exception cref="InvalidOperationException">The maximum concurrency is reached.</exception>
    public async Task<EnvironmentSnapshot> StartEnvironmentAsync()
    {
        (ExecutionEnvironment environment, InitFailure? failure) = await Pool.StartAsync();
        return failure is null
            ? environment.Snapshot
            : throw new InitFailedException(failure.ErrorType, Encoding.UTF8.GetString(failure.Outcome("none").Payload.Span));
    }

    /// <summary>Shuts its environments down.</summary>
    public async ValueTask DisposeAsync()
    {
        await Events.DisposeAsync();
        // Both at once: what is being started ahead may be in Init for long.
        Task provisioned = _provisioned?.DisposeAsync().AsTask() ?? Task.CompletedTask;
        await Pool.DisposeAsync();
        await provisioned;
    }

    /// <summary>Begins to keep the environments that are wanted ahead of invocations.</summary>
    internal void Start()
    {
        if (Settings.ProvisionedConcurrency > 0)
            _provisioned = new ProvisionedConcurrency(() => Pool.ReplenishAsync(Settings.ProvisionedConcurrency), _services.Time);
    }

    internal ExecutionEnvironment? Find(string environmentId) => Pool.All.FirstOrDefault(environment => environment.Id == environmentId);

    private ExecutionEnvironment CreateEnvironment(bool provisioned)
    {
        string id = Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);
        ExecutionEnvironment? environment = null;
        var endpoint = new RuntimeEndpoint(_services.Http, Settings);
        Sandbox sandbox = _services.Sandboxes.Create(id, Settings, endpoint.Uri.Port);
        environment = new ExecutionEnvironment(id, Settings, sandbox, _log, _services.Time, endpoint, provisioned, Changed);
        return environment;

        void Changed()
        {
            _services.Dashboard?.Observe(Name, () => environment!.Snapshot);
            _services.Changed();
            _provisioned?.Wake();
        }
    }
}
