using NativeLambda.Database;
using NativeLambda.Http;
using NativeLambda.Runtime;
using NativeLambda.Tests.TestSupport;

namespace NativeLambda.Tests.Runtime;

/// <summary>A bootstrap in the test's process: what <c>Program.cs</c> does, with a Runtime API on a socket and sessions without a server.</summary>
internal sealed class LoopHost : IAsyncDisposable
{
    private readonly Dictionary<string, string> _variables = [];
    private readonly RuntimeApiClient _client;
    private readonly DatabaseSettings _settings;
    private int _openings;

    /// <param name="lifetime">The lifetime of the connections.</param>
    /// <param name="shutdown">The time of the Shutdown phase; by default far more than a busy machine needs, where it is not the point.</param>
    public LoopHost(LifetimeSettings? lifetime = null, TimeSpan? shutdown = null)
    {
        Api = FakeRuntimeApi.Start();
        _client = new RuntimeApiClient(Api.Endpoint);
        _settings = TestSettings.With(lifetime);
        _variables["AWS_LAMBDA_RUNTIME_API"] = Api.Endpoint;
        Init = new InitPhase(_client, TimeProvider.System, Log.Log)
        {
            CreateRuntime = () => new RuntimeApiClient(Api.Endpoint),
            Shutdown = new ShutdownPhase { Budget = shutdown ?? FakeRuntimeApi.Guard, HandlerGrace = TimeSpan.FromMilliseconds(50) },
        };
    }

    public FakeRuntimeApi Api { get; }

    public FakeSessionFactory Factory { get; } = new();

    public LogRecorder Log { get; } = new(TimeProvider.System);

    public InitPhase Init { get; }

    /// <summary>Runs before each connection is opened in Init; the first is 1.</summary>
    public Action<int>? BeforeOpening { get; set; }

    /// <summary>What the handler is primed with.</summary>
    public PrimingEvent? Priming { get; init; }

    /// <summary>Runs the body until the process would end.</summary>
    public Task<int> RunAsync(Func<InitPhase, Task<int>> main) =>
        InitPhase.RunAsync(main, Init, name => _variables.GetValueOrDefault(name)).WaitAsync(FakeRuntimeApi.Guard);

    /// <summary>Opens, serves and closes.</summary>
    public Task<int> ServeAsync(HttpHandler handler, int lanes = 1, CancellationToken cancellationToken = default)
    {
        if (lanes > 1)
            _variables["AWS_LAMBDA_MAX_CONCURRENCY"] = lanes.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return RunAsync(async init =>
        {
            await using LiveConnection connection = await OpenAsync();
            return await InvocationLoop.RunAsync(init, connection, handler, Priming, cancellationToken);
        });
    }

    public void SetVariable(string name, string value) => _variables[name] = value;

    /// <summary>Makes an invocation ready, and returns its id.</summary>
    public string Enqueue(DateTimeOffset? deadline = null) => Api.Enqueue(HttpEventJson.Create("GET", "/").ToArray(), deadline);

    /// <summary>SIGTERM, on a thread that stays until the end, as .NET's is.</summary>
    public Task Terminate() => Task.Factory.StartNew(Init.Terminate, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Api.DisposeAsync();
        Log.Dispose();
    }

    private async Task<LiveConnection> OpenAsync()
    {
        BeforeOpening?.Invoke(++_openings);
        var connection = new LiveConnection(_settings, new StartupGuards(_settings.Server, Log.Log), Factory, TimeProvider.System, new Random(1), Log.Log) { OpenAnotherAsync = OpenAsync };
        await connection.OpenInInitAsync(_settings.Lifetime.InitBudget);
        return connection;
    }
}
