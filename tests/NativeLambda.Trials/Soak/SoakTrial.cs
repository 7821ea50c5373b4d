using System.Globalization;
using NativeLambda.Emulator.Environments;
using NativeLambda.Trials.Soak.Judging;
using NativeLambda.Trials.Soak.Planning;
using NativeLambda.Trials.Soak.Running;

namespace NativeLambda.Trials.Soak;

/// <summary>
/// The soak: clients read and write through frozen and thawed environments while everything fails at random, and an oracle compares
/// what they were told with what the database holds.
/// </summary>
/// <param name="options">What to run.</param>
/// <param name="output">Gets the progress, violations and figures.</param>
internal sealed class SoakTrial(SoakOptions options, TextWriter output)
{
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(5);

    private readonly TextWriter _output = TextWriter.Synchronized(output);
    private readonly SoakPlan _plan = new(options.Seed, options.Clients);
    private readonly FaultWindows _windows = new();
    private readonly History _history = new();
    private readonly Gate _gate = new();

    /// <summary>Runs it.</summary>
    /// <param name="interrupt">Ends it early, in order: what follows is the same.</param>
    public async Task<SoakReport> RunAsync(CancellationToken interrupt)
    {
        string hash = _plan.Hash(options.Duration);
        _output.WriteLine(FormattableString.Invariant(
            $"soak: seed {options.Seed}, plan {hash}, {options.Duration.TotalSeconds:0} s, {options.Clients} clients, {options.Environments} environments"));
        var bench = new Bench(_windows, _output);
        SoakStage stage = await SoakStage.StartAsync(options, interrupt);
        using var log = new FunctionLogWatch(stage.Secrets, options.LogFile, wrong => bench.Add(new Violation(wrong)));
        bench.Log = log;
        DatabaseState database;
        TimeSpan lasted;
        string version = stage.Server.Version;
        await using (stage)
        {
            await stage.StartFunctionAsync(options, log.Add);
            lasted = await PlayAsync(stage, bench, interrupt);
            database = await stage.Database.ReadAsync();
            string serverLog = await stage.Server.ReadLogAsync(CancellationToken.None);
            if (stage.Secrets.Any(secret => serverLog.Contains(secret, StringComparison.Ordinal)))
                bench.Add(new Violation("the log of the server has a password in it"));
        }

        if (Leftovers.ProcessesOf(stage.FunctionName) is { Count: > 0 } left)
            bench.Add(new Violation($"the emulator left processes behind: {string.Join(", ", left)}"));
        if (Directory.Exists(stage.Server.DataDirectory))
            bench.Add(new Violation($"the server left {stage.Server.DataDirectory} behind"));
        Verdict verdict = Oracle.Examine(_history.Writes, _history.Reads, database);
        foreach (Violation violation in verdict.Violations)
            bench.Add(violation);
        return Report(hash, lasted, version, stage.Proxy.Accepted, bench, log, verdict);
    }

    /// <summary>Clients and faults until the time is over, then the finale.</summary>
    /// <returns>How long the first part lasted.</returns>
    private async Task<TimeSpan> PlayAsync(SoakStage stage, Bench bench, CancellationToken interrupt)
    {
        var clock = new SoakClock();
        var client = new SoakClient(new FunctionCaller(stage.Lambda, clock), _history, bench, clock, options.Patience);
        await CreateProductsAsync(stage, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(interrupt);
        TimeSpan start = clock.Now;
        Task progress = ShowProgressAsync(stage, bench, clock, stop.Token);
        Task faults = new FaultMaker(stage, _windows, _gate, clock).RunAsync(_plan.Faults(options.Duration), stop.Token);
        Task[] clients = [.. Enumerable.Range(0, options.Clients).Select(number => client.RunAsync(_plan.Operations(number), _gate, stop.Token))];
        // A part that fails ends the trial: it is the trial's own fault then.
        await Task.WhenAny([clock.PauseAsync(options.Duration, stop.Token), .. clients, FailedAsync(faults)]);
        TimeSpan lasted = clock.Now - start;
        await stop.CancelAsync();
        await faults;
        await Task.WhenAll(clients);
        await progress;
        await new Finale(stage, client, bench, clock)
            .RunAsync(_plan.Operations(options.Clients).Where(operation => operation is { IsRead: false, Quantity: > 0 }), options.Environments);
        return lasted;
    }

    private static async Task FailedAsync(Task task)
    {
        try
        {
            await task;
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System);
        }
        catch (Exception)
        {
            // Whoever waits for the task itself gets it.
        }
    }

    private static async Task CreateProductsAsync(SoakStage stage, SoakClock clock)
    {
        var caller = new FunctionCaller(stage.Lambda, clock);
        for (int product = 0; product < SoakPlan.Products; product++)
        {
            Answer answer = await caller.CallAsync("PUT", $"/products/{SoakPlan.ProductId(product)}", """{"name":"soaked","price":1}""");
            if (answer.Status != 201)
                throw new InvalidOperationException($"The products could not be made: {answer} {answer.Detail}");
        }
    }

    private async Task ShowProgressAsync(SoakStage stage, Bench bench, SoakClock clock, CancellationToken stop)
    {
        while (await clock.PauseAsync(ProgressEvery, stop))
        {
            IEnumerable<string> states = stage.Lambda.Environments
                .GroupBy(environment => environment.State)
                .Select(group => FormattableString.Invariant($"{group.Count()} {Name(group.Key)}"));
            _output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{clock.Now:mm\\:ss}  {bench.Tally.Requests,6} requests: {bench.Tally}; {_windows.Counts.Values.Sum()} faults, now {_windows.Current?.ToString() ?? "none"}; {string.Join(", ", states)}; {bench.Violations.Count} violations"));
        }
    }

    private static string Name(EnvironmentState state) => state.ToString().ToLowerInvariant();

    private SoakReport Report(
        string hash, TimeSpan lasted, string version, long connections, Bench bench, FunctionLogWatch log, Verdict verdict) => new()
        {
            Seed = options.Seed,
            Plan = hash,
            Seconds = Math.Round(lasted.TotalSeconds, 1),
            Environments = options.Environments,
            Clients = options.Clients,
            Postgres = version,
            Requests = bench.Tally.Requests,
            Answers = bench.Tally.Answers,
            Faults = _windows.Counts.ToDictionary(count => count.Key.ToString(), count => count.Value),
            Lifetime = log.Events,
            Connections = connections,
            Repeats = bench.Tally.Repeats,
            P50Ms = bench.Tally.Latency(0.5, quietOnly: false),
            P99Ms = bench.Tally.Latency(0.99, quietOnly: false),
            QuietP50Ms = bench.Tally.Latency(0.5, quietOnly: true),
            QuietP99Ms = bench.Tally.Latency(0.99, quietOnly: true),
            Verdict = verdict,
            Violations = bench.Violations,
        };
}
