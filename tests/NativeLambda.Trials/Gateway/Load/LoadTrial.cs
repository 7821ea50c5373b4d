using System.Globalization;
using NativeLambda.Emulator;

namespace NativeLambda.Trials.Gateway.Load;

/// <summary>How it is measured.</summary>
/// <param name="Rounds">How often each is measured.</param>
/// <param name="Duration">How long each time.</param>
/// <param name="Connections">Over how many connections.</param>
internal sealed record LoadOptions(int Rounds, TimeSpan Duration, int Connections);

/// <summary>A run of one of those that are compared.</summary>
/// <param name="Wrk">What wrk saw.</param>
/// <param name="CpuMicroseconds">CPU time for a request.</param>
/// <param name="ResidentKiB">Memory after the run.</param>
internal sealed record LoadSample(WrkRun Wrk, double CpuMicroseconds, long ResidentKiB);

/// <summary>
/// Compares gateways before a Lambda that answers at once: first that they give the same answers, then in rounds, each one after the other
/// in a changing order, so that what else the machine does hits all alike.
/// </summary>
internal sealed class LoadTrial(LoadOptions options, string lambda, IReadOnlyList<LoadContender> contenders)
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    /// <summary>The samples of each, by name.</summary>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<LoadSample>>> RunAsync(Action<string> tell, CancellationToken cancellation)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("nativelambda-gateway-load-");
        var running = new List<(string Name, GatewayProcess Process)>();
        int port = FreePort.Find();
        try
        {
            await using GatewayProcess target = await GatewayProcess.StartAsync(lambda, [port.ToString(CultureInfo.InvariantCulture)], port, null, cancellation);
            foreach (LoadContender contender in contenders) running.Add((contender.Name, await contender.StartAsync(port, folder.FullName, cancellation)));
            foreach ((string name, GatewayProcess process) in running.Skip(1))
            {
                await Sameness.CheckAsync(running[0].Process, process, cancellation);
                tell($"{name} answers as {running[0].Name} does");
            }
            return await MeasureAsync(running, tell, cancellation);
        }
        finally
        {
            foreach ((_, GatewayProcess process) in running) await process.DisposeAsync();
            folder.Delete(recursive: true);
        }
    }

    private async Task<IReadOnlyDictionary<string, IReadOnlyList<LoadSample>>> MeasureAsync(
        List<(string Name, GatewayProcess Process)> running, Action<string> tell, CancellationToken cancellation)
    {
        var samples = running.ToDictionary(static one => one.Name, static _ => new List<LoadSample>());
        foreach ((_, GatewayProcess process) in running) await SampleAsync(process, WarmUp, cancellation);
        for (int round = 0; round < options.Rounds; round++)
        {
            for (int index = 0; index < running.Count; index++)
            {
                (string name, GatewayProcess process) = running[(index + round) % running.Count];
                LoadSample sample = await SampleAsync(process, options.Duration, cancellation);
                samples[name].Add(sample);
                tell(string.Create(CultureInfo.InvariantCulture, $"round {round + 1}: {name,-28} {sample.Wrk.PerSecond,8:F0}/s  p50 {sample.Wrk.Median,6:F2} ms  p99 {sample.Wrk.P99,7:F2} ms  {sample.CpuMicroseconds,6:F1} µs CPU"));
            }
        }
        return samples.ToDictionary(static one => one.Key, static one => (IReadOnlyList<LoadSample>)one.Value);
    }

    private async Task<LoadSample> SampleAsync(GatewayProcess process, TimeSpan duration, CancellationToken cancellation)
    {
        TimeSpan before = process.CpuTime();
        WrkRun run = await WrkRun.RunAsync(new Uri($"http://{process.Address}/products/42?fields=name"), options.Connections, duration, cancellation);
        double cpu = (process.CpuTime() - before).TotalMicroseconds / run.Requests;
        return new LoadSample(run, cpu, Faults.ProcessHoldings.Of(process.Pid).ResidentKiB);
    }
}
