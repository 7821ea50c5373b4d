using NativeLambda.Emulator.Api;

namespace NativeLambda.Emulator.Dashboard.Http;

/// <summary>Invokes a function many times at once and says how that went.</summary>
internal sealed class BurstRunner(IDashboardTarget target, TimeProvider time)
{
    public const int MaxCount = 1000;

    public async Task<Dictionary<string, object?>> RunAsync(string function, int count, byte[] payload)
    {
        long start = time.GetTimestamp();
        InvokeResult[] results = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => Task.Run(() => target.InvokeAsync(function, payload))));
        return new()
        {
            ["function"] = function,
            ["invocations"] = count,
            ["succeeded"] = results.Count(static result => result.StatusCode == 200 && result.FunctionError is null),
            ["failed"] = results.Count(static result => result.FunctionError is not null),
            ["throttled"] = results.Count(static result => result.StatusCode == InvokeService.Throttled),
            ["elapsedMs"] = Math.Round(time.GetElapsedTime(start).TotalMilliseconds, 1),
        };
    }
}
