using System.Globalization;
using NativeLambda.Emulator;
using NativeLambda.Emulator.Environments;
using NativeLambda.Emulator.Postgres;
using Npgsql;

namespace NativeLambda.Trials.Storm;

/// <summary>
/// One function in the storm: a server of its own, and waves of as many requests at once as there may be environments, each of
/// which is frozen by the kernel as soon as it has answered.
/// </summary>
internal sealed class StormRun(StormOptions options, Contender contender, IStormView view, TimeProvider time, TextWriter? log = null)
{
    private static readonly TimeSpan ShowEvery = TimeSpan.FromMilliseconds(200);

    private readonly LogCounts _log = new(log);
    private int _answered;
    private int _good;

    public async Task<StormResult> RunAsync(CancellationToken cancellation)
    {
        await using PostgresServer server = await PostgresServer.StartAsync(
            new PostgresServerOptions
            {
                Settings = new Dictionary<string, string>
                {
                    ["max_connections"] = options.MaxConnections.ToString(CultureInfo.InvariantCulture),
                    ["log_connections"] = "on",
                },
            },
            cancellation);
        await server.ExecuteFileAsync(options.Schema, cancellation);
        await using BackendSampler sampler = await BackendSampler.ConnectAsync(server, time, cancellation);
        await CreateProductsAsync(sampler.Connection, cancellation);

        long start = time.GetTimestamp();
        sampler.Start(start);
        var waves = new List<WaveResult>();
        await using (LocalLambda lambda = await LocalLambda.StartAsync(LambdaOptions(server), cancellation))
        {
            for (int wave = 1; wave <= options.Waves; wave++)
                waves.Add(await RunWaveAsync(wave, lambda, new StormCaller(lambda, time, start), sampler, cancellation));
            await sampler.StopAsync();
        }

        return new StormResult
        {
            Contender = contender,
            Waves = waves,
            Samples = sampler.Samples,
            Server = ServerCounts.Of(await server.ReadLogAsync(cancellation), server.User),
            Log = _log,
            Ledger = await LedgerCheck.MakeAsync(waves.SelectMany(static wave => wave.Answers), sampler.Connection, cancellation),
            ServerVersion = server.Version,
        };
    }

    private async Task<WaveResult> RunWaveAsync(
        int wave, LocalLambda lambda, StormCaller caller, BackendSampler sampler, CancellationToken cancellation)
    {
        (_answered, _good) = (0, 0);
        (StormRequest Request, byte[] Payload)[] requests =
        [
            .. Enumerable.Range(1, options.Environments)
                .Select(index => new StormRequest(wave, ((wave - 1) * options.Environments) + index))
                .Select(static request => (request, request.ToEvent())),
        ];
        Dictionary<string, int> before = lambda.Environments.ToDictionary(static environment => environment.Id, static environment => environment.Invocations);
        long start = time.GetTimestamp();
        using var over = new CancellationTokenSource();
        Task showing = ShowAsync(wave, lambda, sampler, start, over.Token);
        StormAnswer[] answers = await Task.WhenAll(requests.Select(request => CallAsync(caller, request.Request, request.Payload, cancellation)));
        TimeSpan took = time.GetElapsedTime(start);
        IReadOnlyList<EnvironmentSnapshot> environments = await lambda.WaitUntilAsync(
            static all => all.All(static environment => environment.State is EnvironmentState.Frozen or EnvironmentState.Reset), cancellation);
        await over.CancelAsync();
        await showing;
        int served = environments.Count(environment => environment.Invocations > before.GetValueOrDefault(environment.Id));
        var result = new WaveResult(wave, answers, environments.Count, served, took);
        view.Say(StormReport.Wave(contender, result, sampler.Last.Backends));
        return result;
    }

    private async Task<StormAnswer> CallAsync(StormCaller caller, StormRequest request, byte[] payload, CancellationToken cancellation)
    {
        StormAnswer answer = await caller.CallAsync(request, payload, cancellation);
        Interlocked.Increment(ref _answered);
        if (answer.IsGood)
            Interlocked.Increment(ref _good);
        return answer;
    }

    private async Task ShowAsync(int wave, LocalLambda lambda, BackendSampler sampler, long start, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            int frozen = lambda.Environments.Count(static environment => environment.State == EnvironmentState.Frozen);
            view.Show(new StormProgress(
                contender.Name, wave, Volatile.Read(ref _answered), Volatile.Read(ref _good), frozen, sampler.Last.Backends, time.GetElapsedTime(start)));
            await Task.Delay(ShowEvery, time, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private LocalLambdaOptions LambdaOptions(PostgresServer server)
    {
        var variables = new Dictionary<string, string>(server.EnvironmentVariables);
        if (!contender.IsOurs && variables.TryGetValue("PGSSLROOTCERT", out string? root))
        {
            // OpenSSL's own variables: without them .NET reads the system's store, 80 ms at each start, and that is not the question here.
            variables["SSL_CERT_FILE"] = root;
            variables["SSL_CERT_DIR"] = "/nonexistent";
        }

        foreach ((string name, string value) in contender.Variables)
            variables[name] = value;
        return new LocalLambdaOptions
        {
            Bootstrap = contender.Bootstrap,
            FunctionName = "storm",
            Environment = variables,
            Timeout = options.Timeout,
            MaxConcurrency = options.Environments,
            LogSink = _log.Add,
        };
    }

    private static async Task CreateProductsAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "INSERT INTO products (id, name, price) SELECT 'p' || i, 'Product ' || i, 9.90 FROM generate_series(0, $1 - 1) AS i", connection);
        command.Parameters.Add(new NpgsqlParameter { Value = StormRequest.Products });
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
