using NativeLambda.Emulator;
using NativeLambda.Emulator.Environments;
using NativeLambda.Reporting.Statistics;

namespace NativeLambda.Trials.Fleet;

/// <summary>Starts fleets, watches them frozen, ends them, and looks for what they left behind.</summary>
internal sealed class FleetTrial(FleetOptions options, string bootstrap, TimeProvider time)
{
    /// <summary>A fleet whose environments have a /tmp and a network of their own, or not.</summary>
    public async Task<FleetRow> FreezeAsync(string kind, int ephemeralStorageMb, bool isolateNetwork, CancellationToken cancellationToken)
    {
        IReadOnlySet<string> before = Traces.Interfaces();
        LocalLambda lambda = await LocalLambda.StartAsync(
            Function(options.Environments, ephemeralStorageMb) with { IsolateNetwork = isolateNetwork }, cancellationToken);
        IReadOnlyList<string> groups = lambda.ControlGroups;
        var starts = new List<TimeSpan>();
        for (int count = 0; count < options.Environments; count++)
        {
            long start = time.GetTimestamp();
            await lambda.StartEnvironmentAsync();
            starts.Add(time.GetElapsedTime(start));
        }

        int[] processes = [.. lambda.Environments.Select(static environment => environment.ProcessId!.Value)];
        (TimeSpan frozen, TimeSpan own) = (Traces.CpuOf(processes), Environment.CpuUsage.TotalTime);
        await Task.Delay(options.Watch, time, cancellationToken);
        (frozen, own) = (Traces.CpuOf(processes) - frozen, Environment.CpuUsage.TotalTime - own);

        long end = time.GetTimestamp();
        await lambda.DisposeAsync();
        TimeSpan ended = time.GetElapsedTime(end);
        int left = Traces.Living(processes) + groups.Count(Directory.Exists) + Traces.Interfaces().Except(before).Count();
        return new FleetRow(kind, Percentiles.Of(starts), frozen, own, ended, left);
    }

    /// <summary>Bursts of invocations in environments that end after each: what is left when all is over.</summary>
    /// <returns>The answers that were none, and what was left behind.</returns>
    public async Task<(int Invocations, int Failures, int Left)> BurstAsync(CancellationToken cancellationToken)
    {
        // Bursts on end start environments quicker than Lambda lets a function grow: that is not what is tried here.
        LocalLambdaOptions unlimited = Function(options.BurstSize, ephemeralStorageMb: 0) with { ScalingLimit = int.MaxValue };
        LocalLambda lambda = await LocalLambda.StartAsync(unlimited, cancellationToken);
        IReadOnlyList<string> groups = lambda.ControlGroups;
        var processes = new HashSet<int>();
        int failures = 0;
        for (int burst = 0; burst < options.Bursts; burst++)
        {
            InvokeResult[] results = await Task.WhenAll(
                Enumerable.Range(0, options.BurstSize).Select(_ => lambda.InvokeAsync("{}", options: null, cancellationToken)));
            failures += results.Count(static result => result.StatusCode != 200 || result.FunctionError is not null);
            foreach (EnvironmentSnapshot environment in lambda.Environments)
            {
                if (environment.ProcessId is { } process) processes.Add(process);
                await lambda.ShutdownEnvironmentAsync(environment.Id);
            }
        }

        int left = lambda.Environments.Count + groups.Sum(static group => Directory.EnumerateDirectories(group).Count());
        await lambda.DisposeAsync();
        return (options.Bursts * options.BurstSize, failures, left + Traces.Living(processes) + groups.Count(Directory.Exists));
    }

    private LocalLambdaOptions Function(int maxConcurrency, int ephemeralStorageMb) => new()
    {
        Bootstrap = bootstrap,
        MaxConcurrency = maxConcurrency,
        EphemeralStorageMb = ephemeralStorageMb,
        Timeout = TimeSpan.FromSeconds(60),
        InitTimeout = TimeSpan.FromSeconds(60),
    };
}
