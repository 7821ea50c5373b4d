using NativeLambda.Database;
using NativeLambda.Telemetry;

namespace NativeLambda.Runtime;

/// <summary>One lane: asks for an invocation, answers it, takes the connection back, over and over. It shares nothing with another lane.</summary>
internal sealed class Lane(IRuntimeApi runtime, LiveConnection connection, IEventAdapter adapter, InitPhase init)
{
    private readonly InvocationProcessor _processor = new(runtime, connection, adapter, init.Time, init.Log, init.Shutdown.Signals);
    private long _deadlineUnixMs;

    /// <summary>The time until the deadline of the invocation that runs; zero or less when there is none.</summary>
    public TimeSpan TimeLeft => DateTimeOffset.FromUnixTimeMilliseconds(Volatile.Read(ref _deadlineUnixMs)) - init.Time.GetUtcNow();

    /// <summary>Init has ended.</summary>
    public void Begin(TimeSpan initDuration) => connection.InitDuration = initDuration;

    /// <summary>Runs an event through the handler before the first invocation is asked for.</summary>
    public Task PrimeAsync(PrimingEvent priming) => new Primer(_processor, connection, adapter, init).RunAsync(priming);

    /// <summary>Serves invocations until the end.</summary>
    /// <param name="stop">Ends it between two invocations.</param>
    /// <returns>The exit code: 0 after <paramref name="stop"/>, 1 when the Runtime API says that the environment cannot go on.</returns>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                Invocation invocation = await runtime.NextAsync(stop);
                Volatile.Write(ref _deadlineUnixMs, invocation.DeadlineUnixMs);
                await _processor.ProcessAsync(invocation);
                Volatile.Write(ref _deadlineUnixMs, 0);
            }

            return 0;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }
        catch (RuntimeApiException failure)
        {
            init.Log.Write(LogLevel.Error, "The Runtime API failed; the environment cannot go on.", exception: failure);
            return 1;
        }
    }
}
