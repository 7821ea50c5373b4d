using System.Globalization;

namespace NativeLambda.Benchmarks.Running;

/// <summary>The names of what is measured: one place for those who measure, tables, charts and JSON.</summary>
internal static class Metrics
{
    public const string ColdWall = "cold.wall.ms";
    public const string ColdInit = "cold.init.ms";
    public const string ColdFirst = "cold.firstInvocation.ms";
    public const string ColdCpu = "cold.cpu.ms";
    public const string ColdFaults = "cold.minorFaults";
    public const string ColdMemory = "cold.peakMemory.MB";
    public const string ColdThreads = "cold.threads";
    public const string WarmP50 = "warm.p50.ms";
    public const string WarmP99 = "warm.p99.ms";
    public const string WarmCpu = "warm.cpu.us";
    public const string WarmMemory = "warm.peakMemory.MB";
    public const string FleetRate = "fleet.invocationsPerSecond";
    public const string Instructions = "count.instructions";
    public const string WarmInstructions = "count.instructionsPerInvocation";
    public const string Flights = "count.flights";

    /// <summary>The first answer after a freeze of that length.</summary>
    public static string Thaw(TimeSpan gap) => string.Create(CultureInfo.InvariantCulture, $"thaw.{gap.TotalSeconds:0.#}s.ms");

    /// <summary>The first answer after a freeze that was longer than the idle limit, which is lowered for that.</summary>
    public const string ThawOverMaxIdle = "thaw.overMaxIdle.ms";

    /// <summary>A cold start over a network.</summary>
    public static string Network(TimeSpan delay) => string.Create(CultureInfo.InvariantCulture, $"network.{delay.TotalMilliseconds:0.#}ms.wall.ms");

    /// <summary>A cold start with the CPU share of a memory size.</summary>
    public static string Memory(int megabytes, bool throttledInit) =>
        string.Create(CultureInfo.InvariantCulture, $"memory.{megabytes}MB.{(throttledInit ? "throttledInit" : "fullInit")}.wall.ms");

    /// <summary>A part of the time line of a cold start.</summary>
    public static string Part(string part) => $"part.{part}.ms";
}
