using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using NativeLambda.Emulator;
using NativeLambda.Emulator.Environments;
using NativeLambda.Emulator.FrontDoor;
using NativeLambda.Emulator.Logging;
using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Faults;

/// <summary>
/// One execution environment of the published bootstrap, frozen by the kernel whenever it serves no invocation, so that a fault can
/// be made behind its back.
/// </summary>
/// <remarks>
/// It logs all it can, and the end of it searches everything that came out of it for the password: a test cannot forget to.
/// </remarks>
internal sealed class FrozenFunction : IAsyncDisposable
{
    /// <summary>No test waits longer than this for anything.</summary>
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(60);

    /// <summary>Far away, where the deadline is not the point.</summary>
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);

    private readonly LocalLambda _lambda;
    private readonly ConcurrentQueue<string> _output;
    private readonly List<string> _secrets;

    private FrozenFunction(LocalLambda lambda, ConcurrentQueue<string> output, string password, TimeSpan timeout)
    {
        _lambda = lambda;
        _output = output;
        _secrets = [password];
        Timeout = timeout;
    }

    /// <summary>The function's timeout: the deadline of each invocation is that far away when it begins.</summary>
    public TimeSpan Timeout { get; }

    /// <summary>The function's URL.</summary>
    public Uri Url => _lambda.FunctionUrl;

    /// <summary>What the environment does.</summary>
    public EnvironmentState State => Assert.Single(_lambda.Environments).State;

    /// <summary>The process; fails when there is none, or when it was not the first.</summary>
    public int ProcessId
    {
        get
        {
            EnvironmentSnapshot environment = Assert.Single(_lambda.Environments);
            Assert.Equal(1, environment.ProcessesStarted);
            return environment.ProcessId!.Value;
        }
    }

    /// <summary>What the function has logged. Complete for an invocation once the environment is frozen again.</summary>
    public IReadOnlyList<LogRecord> Log =>
        [.. _lambda.LogLines.Where(line => line.Source == LogSource.StandardOutput).Select(line => LogRecord.Parse(line.Text)!)];

    /// <summary>The messages of warnings and errors.</summary>
    public IReadOnlyList<string> Troubles => [.. Log.Where(record => record.IsTrouble).Select(record => record.Message)];

    /// <summary>Starts the environment and returns when its Init is over and it is frozen, before any invocation.</summary>
    /// <param name="bootstrap">The program.</param>
    /// <param name="database">libpq's variables.</param>
    /// <param name="timeout">The function's timeout; 30 s without.</param>
    /// <param name="settings">Other variables, such as <c>NATIVELAMBDA_PING_AFTER</c>.</param>
    public static async Task<FrozenFunction> StartAsync(
        BootstrapFixture bootstrap, IReadOnlyDictionary<string, string> database, TimeSpan? timeout = null,
        params (string Name, string Value)[] settings)
    {
        FrozenFunction function = await CreateAsync(await bootstrap.GetPathAsync(), database, timeout, settings);
        try
        {
            await function.InitializeAsync();
            return function;
        }
        catch
        {
            await function.DisposeAsync();
            throw;
        }
    }

    /// <summary>As <see cref="StartAsync"/>, but without an environment yet.</summary>
    public static async Task<FrozenFunction> CreateAsync(
        string bootstrap, IReadOnlyDictionary<string, string> database, TimeSpan? timeout = null, params (string Name, string Value)[] settings)
    {
        var variables = new Dictionary<string, string>(database) { ["AWS_LAMBDA_LOG_LEVEL"] = "DEBUG" };
        foreach ((string name, string value) in settings)
            variables[name] = value;
        var output = new ConcurrentQueue<string>();
        LocalLambda lambda = await LocalLambda.StartAsync(new LocalLambdaOptions
        {
            Bootstrap = bootstrap,
            Environment = variables,
            Timeout = timeout ?? DefaultTimeout,
            InitTimeout = Guard,
            MaxConcurrency = 1,
            LogSink = line => output.Enqueue(line.Text),
        });
        return new FrozenFunction(lambda, output, database["PGPASSWORD"], timeout ?? DefaultTimeout);
    }

    /// <summary>Runs Init, and returns when it is over and the environment is frozen.</summary>
    /// <exception cref="InitFailedException">It failed.</exception>
    public Task InitializeAsync() => _lambda.StartEnvironmentAsync().WaitAsync(Guard);

    /// <summary>Waits until the environment is frozen, makes a fault, and asserts that it was frozen all the time.</summary>
    public async Task WhileFrozenAsync(Func<Task> fault)
    {
        int processId = await WaitUntilFrozenAsync();
        await fault();
        Assert.Equal(EnvironmentState.Frozen, _lambda.Environments[0].State);
        Assert.True(ProcessInspection.IsStoppedOrFrozen(processId));
    }

    /// <inheritdoc cref="WhileFrozenAsync(Func{Task})"/>
    public Task WhileFrozenAsync(Action fault) => WhileFrozenAsync(() =>
    {
        fault();
        return Task.CompletedTask;
    });

    /// <summary>Waits until the environment is frozen, by the kernel's word, and returns its process.</summary>
    public async Task<int> WaitUntilFrozenAsync()
    {
        IReadOnlyList<EnvironmentSnapshot> environments = await _lambda
            .WaitUntilAsync(environments => environments is [{ State: EnvironmentState.Frozen or EnvironmentState.Reset }]).WaitAsync(Guard);
        if (environments[0].State != EnvironmentState.Frozen)
            Assert.Fail($"the environment lost its process\n{AllLines()}");
        Assert.True(ProcessInspection.IsStoppedOrFrozen(ProcessId));
        return ProcessId;
    }

    /// <summary>Waits for a record of the function's log.</summary>
    public Task WaitForLogAsync(string message, int times = 1) => _lambda
        .WaitForLogAsync(_ => Log.Count(record => record.Message.Contains(message, StringComparison.Ordinal)) >= times)
        .WaitAsync(Guard);

    /// <summary>Invokes the function with an HTTP event; it must not fail, whatever it answers.</summary>
    public async Task<FunctionAnswer> InvokeHttpAsync(string method, string target, string body = "", params (string Name, string Value)[] headers)
    {
        byte[] payload = Event(method, target, Encoding.UTF8.GetBytes(body), headers);
        long start = TimeProvider.System.GetTimestamp();
        InvokeResult result = await InvokeAsync(payload);
        TimeSpan took = TimeProvider.System.GetElapsedTime(start);
        if (result is not { StatusCode: 200, FunctionError: null })
            Assert.Fail($"{method} {target} failed: {result.PayloadText}\n{AllLines()}");
        FrontResponse response = ResponseMapper.Map(result.Payload);
        string text = Encoding.UTF8.GetString(response.Body.Span);
        return new FunctionAnswer(response.StatusCode, response.Headers.ToDictionary(header => header.Key, header => header.Value), text, took);
    }

    /// <summary>Invokes the function with anything.</summary>
    public async Task<InvokeResult> InvokeAsync(ReadOnlyMemory<byte> payload)
    {
        InvokeResult result = await _lambda.InvokeAsync(payload).WaitAsync(Guard);
        _output.Enqueue(result.PayloadText);
        return result;
    }

    /// <summary>What the environment knows about its connection.</summary>
    public async Task<ConnectionView> GetConnectionFactsAsync()
    {
        FunctionAnswer answer = await InvokeHttpAsync("GET", "/connection");
        Assert.Equal(200, answer.Status);
        return JsonSerializer.Deserialize<ConnectionView>(answer.Body, JsonSerializerOptions.Web)!;
    }

    /// <summary>Something else that must not come out.</summary>
    public void AddSecret(string secret) => _secrets.Add(secret);

    /// <summary>An HTTP event in payload format 2.0.</summary>
    public static byte[] Event(string method, string target, ReadOnlyMemory<byte> body, params (string Name, string Value)[] headers)
    {
        string[] halves = target.Split('?', 2);
        return HttpEvent.Write(new FrontRequest
        {
            Method = method,
            RawPath = halves[0],
            RawQuery = halves.Length == 2 ? halves[1] : "",
            Protocol = "HTTP/1.1",
            Headers =
            [
                KeyValuePair.Create("content-type", "application/json"),
                .. headers.Select(header => KeyValuePair.Create(header.Name, header.Value)),
            ],
            Body = body,
            SourceIp = "127.0.0.1",
            Host = "localhost",
            RequestId = Guid.NewGuid().ToString(),
            Time = TimeProvider.System.GetUtcNow(),
        });
    }

    private string AllLines() => string.Join('\n', _lambda.LogLines.Select(line => line.Text.Replace('\r', '\n')));

    public async ValueTask DisposeAsync()
    {
        try
        {
            foreach (EnvironmentSnapshot environment in _lambda.Environments)
                if (environment.ProcessId is { } pid)
                    _output.Enqueue(await File.ReadAllTextAsync($"/proc/{pid}/cmdline"));
        }
        finally
        {
            await _lambda.DisposeAsync();
        }

        foreach (string secret in _secrets)
            Assert.DoesNotContain(_output, text => text.Contains(secret, StringComparison.Ordinal));
    }
}
