using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using NativeLambda.Emulator;
using NativeLambda.Emulator.Environments;
using NativeLambda.Emulator.Logging;
using NativeLambda.IntegrationTests.Fixtures;
using NativeLambda.Payloads;

namespace NativeLambda.IntegrationTests.Faults;

/// <summary>
/// One execution environment of the published bootstrap, frozen by the kernel whenever it serves no invocation, so that a fault can
/// be made behind its back.
/// </summary>
/// <remarks>
/// It logs all it can, and the end of it searches everything that came out of it, and what its server shows of it, for its secrets: a
/// test cannot forget to.
/// </remarks>
internal sealed class FrozenFunction : IAsyncDisposable
{
    /// <summary>How much of the log is told when something is waited for in vain.</summary>
    private const int LinesTold = 100;

    /// <summary>Far away, where the deadline is not the point.</summary>
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);

    private readonly LocalLambda _lambda;
    private readonly IReadOnlyDictionary<string, string> _variables;
    private readonly SecretSearch _search;
    private readonly ConcurrentQueue<LogRecord> _records;

    private FrozenFunction(
        LocalLambda lambda, IReadOnlyDictionary<string, string> variables, SecretSearch search, ConcurrentQueue<LogRecord> records, TimeSpan timeout)
    {
        _lambda = lambda;
        _variables = variables;
        _search = search;
        _records = records;
        Timeout = timeout;
    }

    /// <summary>The function's timeout: the deadline of each invocation is that far away when it begins.</summary>
    public TimeSpan Timeout { get; }

    /// <summary>The function's URL.</summary>
    public Uri Url => _lambda.FunctionUrl;

    /// <summary>The X-Ray trace header of the invocations to come; without, each gets one of its own.</summary>
    public string? TraceHeader { get; set; }

    /// <summary>All that the function has written, as it is. Complete for an invocation once the environment is frozen again.</summary>
    public IReadOnlyList<string> Output => [.. _lambda.LogLines.Where(line => line.Source == LogSource.StandardOutput).Select(line => line.Text)];

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

    /// <summary>The same, with what is too old for the emulator to keep. Complete once the environment is frozen again, and no sooner.</summary>
    public IReadOnlyCollection<LogRecord> Records => _records;

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
        // It is started ahead, which would prime it: where that is not the point, the first statement is that of the first invocation.
        var variables = new Dictionary<string, string>(database) { ["AWS_LAMBDA_LOG_LEVEL"] = "DEBUG", ["NATIVELAMBDA_PRIMING"] = "off" };
        foreach ((string name, string value) in settings)
            variables[name] = value;
        var search = new SecretSearch(database, variables);
        var records = new ConcurrentQueue<LogRecord>();
        LocalLambda lambda = await LocalLambda.StartAsync(new LocalLambdaOptions
        {
            Bootstrap = bootstrap,
            Environment = variables,
            Timeout = timeout ?? DefaultTimeout,
            InitTimeout = Guarded.Limit,
            MaxConcurrency = 1,
            LogSink = line =>
            {
                search.Add("the log", line.Text);
                if (line.Source == LogSource.StandardOutput && LogRecord.Parse(line.Text) is { } record)
                    records.Enqueue(record);
            },
        });
        return new FrozenFunction(lambda, database, search, records, timeout ?? DefaultTimeout);
    }

    /// <summary>Runs Init, and returns when it is over and the environment is frozen.</summary>
    /// <exception cref="InitFailedException">It failed.</exception>
    public async Task InitializeAsync()
    {
        try
        {
            await GuardAsync(_lambda.StartEnvironmentAsync(), "the end of Init");
        }
        catch (InitFailedException failure)
        {
            _search.Add("init/error", failure.Message);
            throw;
        }
    }

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
        IReadOnlyList<EnvironmentSnapshot> environments = await GuardAsync(
            _lambda.WaitUntilAsync(environments => environments is [{ State: EnvironmentState.Frozen or EnvironmentState.Reset }]), "the freeze");
        if (environments[0].State != EnvironmentState.Frozen)
            Assert.Fail($"the environment lost its process\n{AllLines()}");
        Assert.True(ProcessInspection.IsStoppedOrFrozen(ProcessId));
        return ProcessId;
    }

    /// <summary>Waits for a record of the function's log.</summary>
    public Task WaitForLogAsync(string message, int times = 1) => GuardAsync(
        _lambda.WaitForLogAsync(_ => Log.Count(record => record.Message.Contains(message, StringComparison.Ordinal)) >= times),
        $"{times} times '{message}' in the log");

    /// <summary>Invokes the function with an HTTP event; it must not fail, whatever it answers.</summary>
    public async Task<FunctionAnswer> InvokeHttpAsync(string method, string target, string body = "", params (string Name, string Value)[] headers)
    {
        byte[] payload = Event(method, target, Encoding.UTF8.GetBytes(body), headers);
        long start = TimeProvider.System.GetTimestamp();
        InvokeResult result = await InvokeAsync(payload);
        TimeSpan took = TimeProvider.System.GetElapsedTime(start);
        if (result is not { StatusCode: 200, FunctionError: null })
            Assert.Fail($"{method} {target} failed: {result.PayloadText}\n{AllLines()}");
        ProxyResponse response = Response(result.Payload);
        string text = Encoding.UTF8.GetString(response.Body.Span);
        return new FunctionAnswer(response.StatusCode, response.Headers.ToDictionary(header => header.Key, header => header.Value), text, took);
    }

    /// <summary>Invokes the function with anything.</summary>
    public async Task<InvokeResult> InvokeAsync(ReadOnlyMemory<byte> payload)
    {
        InvokeResult result = await GuardAsync(_lambda.InvokeAsync(payload, new InvokeOptions { TraceId = TraceHeader }), "the answer");
        _search.Add("a response", result.PayloadText);
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
    public void AddSecret(string secret) => _search.AddSecret(secret);

    /// <summary>An HTTP event in payload format 2.0.</summary>
    public static byte[] Event(string method, string target, ReadOnlyMemory<byte> body, params (string Name, string Value)[] headers)
    {
        string[] halves = target.Split('?', 2);
        var output = new ArrayBufferWriter<byte>();
        ProxyEvent.Write(new ProxyRequest
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
        }, PayloadFormat.FunctionUrl, output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>The HTTP response that a payload stands for; a payload that stands for none fails the test.</summary>
    public static ProxyResponse Response(ReadOnlyMemory<byte> payload)
    {
        ProxyResponse? response = ProxyResult.Read(payload, PayloadFormat.FunctionUrl, out string? problem);
        Assert.True(response is not null, $"{problem}: {Encoding.UTF8.GetString(payload.Span)}");
        return response;
    }

    private string AllLines() => string.Join('\n', _lambda.LogLines.Select(line => line.Text.Replace('\r', '\n')));

    private Task<T> GuardAsync<T>(Task<T> task, string what) => Guarded.WaitAsync(task, what, () => string.Join('\n',
    [
        .. _lambda.Environments.Select(environment => environment.ToString()),
        .. _lambda.Environments.Select(environment => environment.ProcessId).OfType<int>().Select(ProcessPicture.Of),
        .. _lambda.LogLines.TakeLast(LinesTold).Select(line => $"{line.Time:HH:mm:ss.fff} {line.Text}"),
    ]));

    public async ValueTask DisposeAsync()
    {
        try
        {
            foreach (EnvironmentSnapshot environment in _lambda.Environments)
                if (environment.ProcessId is { } pid)
                    _search.AddCommandLine(pid);
            // While its sessions are there.
            await _search.AddServersOfAsync(_variables);
        }
        finally
        {
            await _lambda.DisposeAsync();
        }

        _search.AssertNothingFound();
    }
}
