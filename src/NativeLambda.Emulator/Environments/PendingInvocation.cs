using NativeLambda.Emulator.Logging;

namespace NativeLambda.Emulator.Environments;

/// <summary>An invocation on its way through an environment.</summary>
internal sealed class PendingInvocation
{
    private readonly TaskCompletionSource<InvocationOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<ResponseStream> _streaming = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _reported = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public required string RequestId { get; init; }

    public required ReadOnlyMemory<byte> Payload { get; init; }

    public required string InvokedFunctionArn { get; init; }

    public required string TraceId { get; init; }

    public string? ClientContext { get; init; }

    /// <summary>Whether the caller takes the response as a stream, where the runtime sends it as one.</summary>
    public bool WantsStream { get; init; }

    /// <summary>Set when it is dispatched: the function's timeout begins to run there.</summary>
    public long DeadlineUnixMs { get; set; }

    /// <summary>Whether the runtime has begun to send its response.</summary>
    public volatile bool HasResponseBegun;

    /// <summary>Whether the runtime is sending its response.</summary>
    public bool IsResponding => HasResponseBegun && !_outcome.Task.IsCompleted;

    public LogTail Tail { get; } = new();

    /// <summary>Called before the caller gets its answer.</summary>
    public Action? Answering { get; set; }

    /// <summary>What the caller gets, as soon as it is known: the environment may be busy for longer.</summary>
    public Task<InvocationOutcome> Outcome => _outcome.Task;

    /// <summary>The response as a stream: only for a caller that wants it, and only once the runtime has begun it.</summary>
    public Task<ResponseStream> Streaming => _streaming.Task;

    /// <summary>Completes when the REPORT line is written.</summary>
    public Task Reported => _reported.Task;

    /// <summary>Gives the caller its answer. The first one counts: a crash after the response is not the caller's concern.</summary>
    public void Complete(InvocationOutcome outcome)
    {
        Answering?.Invoke();
        if (_streaming.Task.IsCompletedSuccessfully) _streaming.Task.Result.End(outcome.ErrorType is null ? null : outcome);
        _outcome.TrySetResult(outcome);
    }

    /// <summary>The caller gets its answer as the runtime sends it.</summary>
    public ResponseStream BeginStream(string contentType)
    {
        var stream = new ResponseStream(contentType);
        _streaming.SetResult(stream);
        return stream;
    }

    /// <summary>Ends a response that is under way; nothing when there is none. The first end counts.</summary>
    public void BreakStream(InvocationOutcome outcome)
    {
        if (_streaming.Task.IsCompletedSuccessfully) _streaming.Task.Result.End(outcome);
    }

    public void Fail(Exception exception)
    {
        BreakStream(InvocationOutcome.OfError("Sandbox.Failure", "the emulator failed"));
        _outcome.TrySetException(exception);
        _reported.TrySetResult();
    }

    public void CompleteReport() => _reported.TrySetResult();
}
