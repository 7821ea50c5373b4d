using System.Globalization;
using NativeLambda.Benchmarks.Measuring;
using NativeLambda.Benchmarks.Wire;

namespace NativeLambda.Benchmarks.Profiling;

/// <summary>Counts the instructions and the flights of cold starts.</summary>
internal static class ColdStartCounter
{
    /// <summary>
    /// Long against everything that a client computes between two bursts that follow each other, so that what the server says meanwhile
    /// is not taken for an answer that it waited for.
    /// </summary>
    private static readonly TimeSpan CountingDelay = TimeSpan.FromMilliseconds(20);

    /// <summary>Counts both.</summary>
    /// <param name="function">The function; its <c>PGHOST</c> is loopback, its <c>PGPORT</c> is the server's.</param>
    /// <param name="body">The event.</param>
    /// <param name="runs">How often the instructions are counted: the median is what counts.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="BenchmarkException">The function fails, or valgrind is not there.</exception>
    public static ColdStartCounts Count(FunctionProgram function, byte[] body, int runs, TimeProvider time, CancellationToken cancellationToken)
    {
        IReadOnlyList<WireConnection> connections = CountFlights(function, body, time, cancellationToken);
        return new ColdStartCounts(
            CountInstructions(function, body, runs, time, cancellationToken), connections.Sum(static connection => connection.Flights.Count), connections.Count);
    }

    /// <summary>The flights of a cold start until its first answer, by connection.</summary>
    /// <inheritdoc cref="Count"/>
    public static IReadOnlyList<WireConnection> CountFlights(
        FunctionProgram function, byte[] body, TimeProvider time, CancellationToken cancellationToken)
    {
        using var proxy = new FlightProxy(int.Parse(function.Variables["PGPORT"], CultureInfo.InvariantCulture), time) { Delay = CountingDelay };
        FunctionProgram through = function.With(("PGPORT", proxy.Port.ToString(CultureInfo.InvariantCulture)));
        ColdStart start = ColdStarter.Measure(through, body, time, cancellationToken);
        return proxy.FlightsUntil(start.AnsweredAt);
    }

    /// <summary>The median of some counts of the instructions of a cold start.</summary>
    /// <inheritdoc cref="Count"/>
    public static long CountInstructions(FunctionProgram function, byte[] body, int runs, TimeProvider time, CancellationToken cancellationToken)
    {
        using Callgrind callgrind = Callgrind.Prepare(function);
        long[] counts = [.. Enumerable.Range(0, runs).Select(_ => callgrind.Measure(body, 1, time, cancellationToken).Instructions).Order()];
        return counts[counts.Length / 2];
    }
}
