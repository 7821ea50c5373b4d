using System.Globalization;
using NativeLambda.Emulator;

namespace NativeLambda.Trials.Gateway.Faults;

/// <summary>Starts what the trial needs: a Lambda with faults and a gateway before it.</summary>
internal static class FaultStage
{
    /// <summary>Runs the trial against a gateway's program.</summary>
    public static async Task<FaultResult> RunAsync(string program, FaultOptions options, TimeProvider time, CancellationToken cancellation)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("nativelambda-gateway-faults-");
        try
        {
            await using var lambda = new FaultyLambda(time);
            int port = FreePort.Find(), management = FreePort.Find();
            string configuration = Path.Combine(folder.FullName, "gateway.json");
            await File.WriteAllTextAsync(configuration, Configuration(port, management, lambda.Port), cancellation);
            await using GatewayProcess gateway = await GatewayProcess.StartAsync(program, ["--config", configuration], port, Collecting, cancellation);
            return await new FaultTrial(options, lambda, gateway.Address, new Uri($"http://127.0.0.1:{management}/metrics"), gateway.Pid, time).RunAsync(cancellation);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // A youngest generation of 1 MiB (hexadecimal) instead of the cache's size: many collections, and full ones among them.
    private static readonly Dictionary<string, string> Collecting = new() { ["DOTNET_GCgen0size"] = "100000" };

    // The endpoint is left alone for a moment only: there is more to be seen of a gateway that calls than of one that refuses.
    private static string Configuration(int port, int management, int lambda) => string.Create(CultureInfo.InvariantCulture, $$"""
        {
          "listeners": [ { "url": "http://127.0.0.1:{{port}}" } ], "accessLog": false, "management": { "port": {{management}} },
          "lambda": { "endpoint": "http://127.0.0.1:{{lambda}}", "retryDelay": 0.01, "retryBudget": 0.5, "breakDuration": 0.5 },
          "routes": [
            { "route": "ANY /sync/{proxy+}", "function": "sync", "timeout": 2 },
            { "route": "ANY /stream/{proxy+}", "function": "stream", "invoke": "stream", "timeout": 5 }
          ]
        }
        """);
}
