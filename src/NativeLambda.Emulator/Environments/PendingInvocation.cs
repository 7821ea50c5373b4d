using NativeLambda.Emulator.Logging;

namespace NativeLambda.Emulator.Environments;

/// <summary>An invocation on its way through an environment.</summary>
internal sealed class PendingInvocation
{
    private readonly TaskCompletionSource<InvocationOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _reported = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public required string RequestId { get; init; }

    public required ReadOnlyMemory<byte> Payload { get; init; }

    public required string InvokedFunctionArn { get; init; }

    public required string TraceId { get; init; }

    public string? ClientContext { get; init; }

    /// <summary>Set when it is dispatched: the function's timeout begins to run there.</summary>
    public long DeadlineUnixMs { get; set; }

    public LogTail Tail { get; } = new();

    /// <summary>Called before the caller gets its answer.</summary>
    public Action? Answering { get; set; }

    /// <summary>What the caller gets, as soon as it is known: the environment may be busy for longer.</summary>
    public Task<InvocationOutcome> Outcome => _outcome.Task;

    /// <summary>Completes when the REPORT line is written.</summary>
    public Task Reported => _reported.Task;

    /// <summary>Gives the caller its answer. The first one counts: a crash after the response is not the caller's concern.</summary>
    public void Complete(InvocationOutcome outcome)
    {
        Answering?.Invoke();
        _outcome.TrySetResult(outcome);
    }

    public void Fail(Exception exception)
    {
        _outcome.TrySetException(exception);
        _reported.TrySetResult();
    }

    public void CompleteReport() => _reported.TrySetResult();
}
