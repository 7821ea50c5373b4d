using NativeLambda.Emulator.Processes;

namespace NativeLambda.Benchmarks.Measuring;

/// <summary>A function that has started and waits for its next event.</summary>
internal sealed class LiveFunction : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly RuntimeApi _api;

    private LiveFunction(RuntimeApi api, MeasuredProcess process) => (_api, Process) = (api, process);

    /// <summary>Its process.</summary>
    public MeasuredProcess Process { get; }

    /// <summary>Starts one and waits until its Init is over.</summary>
    /// <exception cref="BenchmarkException">Init fails.</exception>
    public static LiveFunction Start(FunctionProgram program, TimeProvider time, CancellationToken cancellationToken)
    {
        var api = new RuntimeApi(time);
        MeasuredProcess? process = null;
        try
        {
            process = MeasuredProcess.Start(program.Spawn(api.Authority), time);
            api.AwaitNext(process, Patience, cancellationToken);
            return new LiveFunction(api, process);
        }
        catch
        {
            process?.Dispose();
            api.Dispose();
            throw;
        }
    }

    /// <summary>Gives it an event, and waits for the answer and until it asks for the next.</summary>
    public Invocation Invoke(byte[] body, CancellationToken cancellationToken)
    {
        Invocation invocation = _api.Invoke(body, Process, Patience, cancellationToken);
        _api.AwaitNext(Process, Patience, cancellationToken);
        return invocation;
    }

    /// <summary>Stops it where it stands, with its children.</summary>
    public void Freeze() => Process.SignalGroup(NativeMethods.SigStop);

    /// <summary>Lets it go on.</summary>
    public void Thaw() => Process.SignalGroup(NativeMethods.SigContinue);

    public void Dispose()
    {
        Process.Dispose();
        _api.Dispose();
    }
}
