namespace NativeLambda.Benchmarks.Measuring;

/// <summary>Starts a function cold, gives it one event, and ends it when it asks for the second.</summary>
internal static class ColdStarter
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Measures one cold start.</summary>
    /// <param name="function">What is started.</param>
    /// <param name="body">The event.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="BenchmarkException">The function fails, or does not answer within 30 s.</exception>
    public static ColdStart Measure(FunctionProgram function, byte[] body, TimeProvider time, CancellationToken cancellationToken)
    {
        using var api = new RuntimeApi(time);
        using MeasuredProcess process = MeasuredProcess.Start(function.Spawn(api.Authority), time);
        api.AwaitNext(process, Patience, cancellationToken);
        Invocation first = api.Invoke(body, process, Patience, cancellationToken);
        api.AwaitNext(process, Patience, cancellationToken);
        TimeSpan cpu = process.CpuTime;
        ProcessState state = process.ReadState();
        TimeSpan Since(long timestamp) => time.GetElapsedTime(process.StartedAt, timestamp);
        return new ColdStart
        {
            StartedAt = process.StartedAt,
            NextAt = api.FirstNextAt!.Value,
            AnsweredAt = first.AnsweredAt,
            Wall = Since(first.AnsweredAt),
            Init = Since(api.FirstNextAt!.Value),
            Connected = Since(api.ConnectedAt!.Value),
            FirstInvocation = time.GetElapsedTime(first.SentAt, first.AnsweredAt),
            Cpu = cpu,
            State = state,
            Usage = process.End(),
            Answer = first.Answer,
        };
    }
}
