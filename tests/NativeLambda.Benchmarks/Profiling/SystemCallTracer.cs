using System.Globalization;
using NativeLambda.Benchmarks.Measuring;
using NativeLambda.Emulator.Processes;

namespace NativeLambda.Benchmarks.Profiling;

/// <summary>Looks at the system calls of a cold start with strace: what happens, and in what order. How long it takes is distorted by that.</summary>
internal static class SystemCallTracer
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Traces one cold start.</summary>
    /// <param name="function">The function.</param>
    /// <param name="body">The event.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The calls; and the time until the first answer, which shows the distortion.</returns>
    /// <exception cref="BenchmarkException">strace is not installed, or the function fails.</exception>
    public static (SystemCallTrace Trace, TimeSpan Wall) Trace(FunctionProgram function, byte[] body, TimeProvider time, CancellationToken cancellationToken)
    {
        string strace = ProgramSearch.Find("strace") ?? throw new BenchmarkException("strace is not installed");
        string output = Path.GetTempFileName();
        try
        {
            using var api = new RuntimeApi(time);
            SpawnRequest request = function.Spawn(api.Authority);
            using MeasuredProcess process = MeasuredProcess.Start(
                request with { File = strace, Arguments = ["-f", "-qq", "-ttt", "-s", "64", "-o", output, request.File, .. request.Arguments] }, time);
            api.AwaitNext(process, Patience, cancellationToken);
            Invocation first = api.Invoke(body, process, Patience, cancellationToken);
            api.AwaitNext(process, Patience, cancellationToken);
            TimeSpan wall = time.GetElapsedTime(process.StartedAt, first.AnsweredAt);
            process.End();
            SystemCallTrace trace = SystemCallTrace.Read(
                File.ReadLines(output), int.Parse(function.Variables["PGPORT"], CultureInfo.InvariantCulture), function.Variables["PGSSLROOTCERT"]);
            return (trace, wall);
        }
        finally
        {
            File.Delete(output);
        }
    }
}
