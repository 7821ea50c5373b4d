using System.Text.Json;
using NativeLambda.Emulator;

namespace NativeLambda.IntegrationTests.Emulator;

/// <summary>What the tests of the emulator share: bootstraps, events of steps, a guard against hanging.</summary>
internal static class LambdaFixtures
{
    /// <summary>No test waits longer than this for anything.</summary>
    public static readonly TimeSpan Guard = TimeSpan.FromSeconds(60);

    /// <summary>A runtime in Node that does what events and the variable INIT say.</summary>
    public static string Obedient => Path.Combine(AppContext.BaseDirectory, "Emulator", "bootstraps", "obedient");

    public static LocalLambdaOptions Options(string? init = null, params (string Name, string Value)[] variables)
    {
        // Node may be anywhere on the PATH of whoever runs the tests, which is not that of Lambda.
        var environment = new Dictionary<string, string> { ["PATH"] = Environment.GetEnvironmentVariable("PATH")! };
        if (init is not null) environment["INIT"] = init;
        foreach ((string name, string value) in variables) environment[name] = value;
        // Two busy cores: a function whose time is not the point has plenty.
        return new LocalLambdaOptions
        {
            Bootstrap = Obedient,
            Environment = environment,
            Timeout = Guard,
            InitTimeout = Guard,
        };
    }

    public static string Steps(string steps) => $$"""{"steps":{{steps}}}""";

    public static JsonElement Json(this InvokeResult result) => JsonSerializer.Deserialize<JsonElement>(result.Payload.Span);

    public static async Task<T> Guarded<T>(this Task<T> task) => await task.WaitAsync(Guard);

    public static async Task Guarded(this Task task) => await task.WaitAsync(Guard);

    /// <summary>Waits for what can only be looked at: a file of /proc.</summary>
    public static async Task Eventually(Func<bool> condition, string what)
    {
        using var guard = new CancellationTokenSource(Guard);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!condition())
        {
            Assert.False(guard.IsCancellationRequested, $"not after {Guard}: {what}");
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    public static bool IsAlive(int processId)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{processId}/stat");
            return stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }
}
