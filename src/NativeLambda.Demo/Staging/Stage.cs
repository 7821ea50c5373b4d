using NativeLambda.Demo.Telling;
using NativeLambda.Emulator;
using NativeLambda.Emulator.Environments;
using NativeLambda.Emulator.Postgres;

namespace NativeLambda.Demo.Staging;

/// <summary>What the story plays on: the server, the function in its environments, and a caller. Disposing it leaves nothing behind.</summary>
/// <param name="folder">The folder with <c>bootstrap</c> and <c>schema.sql</c>.</param>
/// <param name="gateway">The gateway's executable.</param>
/// <param name="keepsUp">Whether everything stays up after the story.</param>
/// <param name="narrator">Gets the function's log.</param>
internal sealed class Stage(string folder, string gateway, bool keepsUp, Narrator narrator) : IAsyncDisposable
{
    /// <summary>The most environments at once: more than the burst needs, fewer than the server has connections.</summary>
    public const int MaxConcurrency = 40;

    private PostgresServer? _server;
    private ControlSession? _control;
    private LocalLambda? _lambda;
    private FunctionClient? _client;
    private GatewayProcess? _gateway;

    /// <summary>Whether everything has been raised.</summary>
    public bool IsSet => _client is not null;

    public PostgresServer Server => _server ?? throw new StageException("there is no server");

    public ControlSession Control => _control ?? throw new StageException("there is no server");

    public LocalLambda Lambda => _lambda ?? throw new StageException("there is no function");

    public FunctionClient Client => _client ?? throw new StageException("there is no function");

    public GatewayProcess Gateway => _gateway ?? throw new StageException("there is no gateway");

    public string GatewayProgram => gateway;

    /// <summary>Whether everything stays up after the story.</summary>
    public bool KeepsUp => keepsUp;

    public string Bootstrap => Path.Combine(folder, "bootstrap");

    /// <summary>Whether there is a function whose log can be read.</summary>
    public bool HasLambda => _lambda is not null;

    /// <summary>Makes the cluster, starts its server and applies the schema.</summary>
    public async Task RaiseServerAsync(CancellationToken cancellation)
    {
        _server = await PostgresServer.StartAsync(new PostgresServerOptions(), cancellation);
        await _server.ExecuteFileAsync(Path.Combine(folder, "schema.sql"), cancellation);
        _control = await ControlSession.OpenAsync(_server, cancellation);
    }

    /// <summary>Starts the Lambda service; no environment yet.</summary>
    public async Task RaiseFunctionAsync(CancellationToken cancellation)
    {
        _lambda = await LocalLambda.StartAsync(
            new LocalLambdaOptions
            {
                Bootstrap = Bootstrap,
                FunctionName = "products",
                Environment = Server.EnvironmentVariables,
                Timeout = TimeSpan.FromSeconds(15),
                MaxConcurrency = MaxConcurrency,
                LogSink = narrator.Log,
            },
            cancellation);
        _client = new FunctionClient(_lambda.FunctionUrl, TimeProvider.System);
    }

    /// <summary>Starts the gateway before the function, in place of the one before.</summary>
    public async Task RaiseGatewayAsync(CancellationToken cancellation)
    {
        if (_gateway is not null) await _gateway.DisposeAsync();
        _gateway = null;
        _gateway = await GatewayProcess.StartAsync(
            gateway,
            $$"""
            {
              "listeners": [ { "url": "http://127.0.0.1:0" } ], "management": false,
              "lambda": { "endpoint": "{{Lambda.InvokeEndpoint}}", "region": "us-east-1" },
              "routes": [
                { "route": "GET /products", "function": "products" },
                { "route": "ANY /products/{proxy+}", "function": "products", "timeout": 15, "maxBody": 1000 },
                { "route": "GET /connection", "function": "products:$LATEST" },
              ]
            }
            """,
            cancellation);
    }

    /// <summary>Waits until every environment stands still.</summary>
    public async Task<IReadOnlyList<EnvironmentSnapshot>> FrozenAsync(CancellationToken cancellation) =>
        await Lambda.WaitUntilAsync(static all => all.All(static environment => environment.State == EnvironmentState.Frozen), cancellation);

    /// <summary>Waits until the only environment stands still.</summary>
    /// <exception cref="StageException">There is another number of them.</exception>
    public async Task<EnvironmentSnapshot> OnlyFrozenAsync(CancellationToken cancellation) =>
        await FrozenAsync(cancellation) is [var only] ? only : throw new StageException($"there are {Lambda.Environments.Count} environments instead of one");

    /// <summary>Asks for <c>GET /connection</c>.</summary>
    public async Task<(Answer Answer, ConnectionReport Report)> ConnectionAsync(CancellationToken cancellation)
    {
        Answer answer = await Client.GetAsync("/connection", cancellation);
        return (answer, ConnectionReport.Of(answer));
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_gateway is not null) await _gateway.DisposeAsync();
        if (_lambda is not null) await _lambda.DisposeAsync();
        if (_control is not null) await _control.DisposeAsync();
        if (_server is not null) await _server.DisposeAsync();
    }
}
