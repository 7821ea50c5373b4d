using System.Threading.Channels;

namespace NativeLambda.Emulator.Environments;

/// <summary>
/// The conversation with one process over the Runtime API and the Extensions API: takes calls, says which are allowed, and tells
/// what happened as a sequence of events.
/// </summary>
internal sealed class RuntimeSession
{
    /// <summary>How many extensions Lambda allows.</summary>
    internal const int MaxExtensions = 10;

    private readonly Lock _gate = new();
    private readonly Channel<RuntimeEvent> _events = Channel.CreateUnbounded<RuntimeEvent>();
    private readonly Dictionary<string, Extension> _extensions = [];
    private TaskCompletionSource<PendingInvocation>? _waiter;
    private PendingInvocation? _undelivered;
    private PendingInvocation? _current;
    private RuntimeState _state = RuntimeState.Starting;
    private bool _readyTold;

    /// <summary>What happened, for the one who drives the environment.</summary>
    public ChannelReader<RuntimeEvent> Events => _events.Reader;

    /// <summary>Whether an extension is registered: only then does Lambda send SIGTERM.</summary>
    public bool HasExtensions
    {
        get
        {
            lock (_gate) return _extensions.Count > 0;
        }
    }

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
            if (_waiter is null) _undelivered = invocation;
            else _waiter.SetResult(invocation);
            _waiter = null;
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

    /// <summary>Registers an internal extension.</summary>
    public (RegistrationResult Result, Extension? Extension) Register(string name)
    {
        lock (_gate)
        {
            if (_state != RuntimeState.Starting) return (RegistrationResult.Closed, null);
            if (_extensions.Values.Any(extension => extension.Name == name)) return (RegistrationResult.NameTaken, null);
            if (_extensions.Count == MaxExtensions) return (RegistrationResult.TooMany, null);
            var extension = new Extension(name);
            _extensions.Add(extension.Id, extension);
            return (RegistrationResult.Registered, extension);
        }
    }

    /// <summary>An extension asks for its next event.</summary>
    /// <returns>False for an unknown extension. An internal one has no event to wait for: its request stays open.</returns>
    public bool ExtensionNext(string extensionId)
    {
        lock (_gate)
        {
            if (!_extensions.TryGetValue(extensionId, out Extension? extension)) return false;
            extension.IsReady = true;
            TellReady();
            return true;
        }
    }

    /// <summary>The process has ended, or could not be started.</summary>
    public void Exit(RuntimeEvent.Exited exited) => _events.Writer.TryWrite(exited);

    private void TellReady()
    {
        if (_readyTold || _state != RuntimeState.Ready || !_extensions.Values.All(static extension => extension.IsReady)) return;
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
