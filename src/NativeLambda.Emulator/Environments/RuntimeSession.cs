using System.Threading.Channels;

namespace NativeLambda.Emulator.Environments;

/// <summary>
/// The conversation with one process over the Runtime API and the Extensions API: takes calls, says which are allowed, and tells
/// what happened as a sequence of events.
/// </summary>
internal sealed class RuntimeSession
{
    /// <summary>How long a caller may take to read what a dead process had sent.</summary>
    private static readonly TimeSpan ResponsePatience = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Channel<RuntimeEvent> _events = Channel.CreateUnbounded<RuntimeEvent>();
    private TaskCompletionSource<PendingInvocation>? _waiter;
    private PendingInvocation? _undelivered;
    private PendingInvocation? _current;
    private RuntimeState _state = RuntimeState.Starting;
    private bool _readyTold;

    /// <param name="externalExtensions">The names of the external extensions, which are started before the runtime.</param>
    public RuntimeSession(IEnumerable<string>? externalExtensions = null) => Extensions = new ExtensionRegistry(
        _gate, externalExtensions ?? [], () => _state != RuntimeState.Starting, TellReady, told => _events.Writer.TryWrite(told));

    /// <summary>The extensions.</summary>
    public ExtensionRegistry Extensions { get; }

    /// <summary>What happened, for the one who drives the environment.</summary>
    public ChannelReader<RuntimeEvent> Events => _events.Reader;

    /// <summary>The runtime asks for an invocation.</summary>
    /// <returns>The invocation, when there is one; nothing if the call is not allowed in this state.</returns>
    public Task<PendingInvocation>? Next(CancellationToken connectionClosed)
    {
        TaskCompletionSource<PendingInvocation> waiter;
        lock (_gate)
        {
            if (_state == RuntimeState.Invoking && _undelivered is { } undelivered)
            {
                // It was dispatched while the connection of the last request was broken.
                _undelivered = null;
                return Task.FromResult(undelivered);
            }
            if (RuntimeTransitions.After(_state, RuntimeCall.Next) is not { } state || _waiter is not null) return null;
            _state = state;
            _waiter = waiter = new TaskCompletionSource<PendingInvocation>(TaskCreationOptions.RunContinuationsAsynchronously);
            TellReady();
        }
        return WaitAsync(waiter, connectionClosed);
    }

    /// <summary>Hands an invocation to the runtime, which must be ready.</summary>
    public void Deliver(PendingInvocation invocation)
    {
        lock (_gate)
        {
            if (_state != RuntimeState.Ready) throw new InvalidOperationException($"the runtime is {_state}, not Ready");
            _state = RuntimeState.Invoking;
            _current = invocation;
            _readyTold = false;
            Extensions.Deliver(invocation);
            if (_waiter is null) _undelivered = invocation;
            else _waiter.SetResult(invocation);
            _waiter = null;
        }
    }

    /// <summary>The runtime begins to send its response.</summary>
    /// <returns>The invocation that it belongs to, if the call is allowed.</returns>
    public (CallResult Result, PendingInvocation? Invocation) BeginResponse(string requestId)
    {
        lock (_gate)
        {
            if (Check(RuntimeCall.BeginResponse, requestId) is var result and not CallResult.Accepted) return (result, null);
            _state = RuntimeState.Responding;
            _current!.HasResponseBegun = true;
            return (CallResult.Accepted, _current);
        }
    }

    /// <summary>The runtime ends its invocation by a response or an error.</summary>
    public CallResult End(RuntimeCall call, string requestId, RuntimeEvent outcome)
    {
        lock (_gate)
        {
            if (Check(call, requestId) is var result and not CallResult.Accepted) return result;
            _state = RuntimeState.Responded;
            _events.Writer.TryWrite(outcome);
            return CallResult.Accepted;
        }
    }

    /// <summary>What a call would be answered now: so that a body which nobody wants need not be read.</summary>
    public CallResult Check(RuntimeCall call, string requestId)
    {
        lock (_gate)
        {
            if (RuntimeTransitions.After(_state, call) is null) return CallResult.InvalidState;
            return requestId == _current?.RequestId ? CallResult.Accepted : CallResult.InvalidRequestId;
        }
    }

    /// <summary>The runtime reports that Init failed.</summary>
    public CallResult FailInit(RuntimeEvent.InitError error)
    {
        lock (_gate)
        {
            if (RuntimeTransitions.After(_state, RuntimeCall.InitError) is not { } state) return CallResult.InvalidState;
            _state = state;
            _events.Writer.TryWrite(error);
            return CallResult.Accepted;
        }
    }

    /// <summary>
    /// Waits, after the process has died in the middle of its response, until what it had sent is on its way to the caller.
    /// </summary>
    /// <returns>What the caller is told: that the response broke off, or its own error where it had come to its end.</returns>
    public async Task<InvocationOutcome> EndOfResponseAsync(PendingInvocation invocation)
    {
        InvocationOutcome truncated = InvocationOutcome.OfTruncatedResponse(invocation.RequestId);
        using var patience = new CancellationTokenSource(ResponsePatience, TimeProvider.System);
        try
        {
            while (true)
            {
                switch (await _events.Reader.ReadAsync(patience.Token))
                {
                    case RuntimeEvent.Streamed streamed:
                        return streamed.Failure ?? new InvocationOutcome(ReadOnlyMemory<byte>.Empty);
                    case RuntimeEvent.Response response:
                        return new InvocationOutcome(response.Payload);
                    case RuntimeEvent.Error error:
                        return new InvocationOutcome(error.Payload, error.ErrorType);
                }
            }
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            return truncated; // the caller does not read
        }
    }

    /// <summary>The process has ended, or could not be started.</summary>
    public void Exit(RuntimeEvent.Exited exited) => _events.Writer.TryWrite(exited with { ErrorType = Extensions.FirstError });

    private void TellReady()
    {
        if (_readyTold || _state != RuntimeState.Ready || !Extensions.AreReady) return;
        _readyTold = true;
        _events.Writer.TryWrite(new RuntimeEvent.Ready());
    }

    private async Task<PendingInvocation> WaitAsync(TaskCompletionSource<PendingInvocation> waiter, CancellationToken connectionClosed)
    {
        try
        {
            return await waiter.Task.WaitAsync(connectionClosed);
        }
        finally
        {
            lock (_gate)
                if (_waiter == waiter) _waiter = null;
        }
    }
}
