using NativeLambda.Emulator.Logging;

namespace NativeLambda.Emulator.Environments;

/// <summary>An extension: a process of its own beside the runtime, or a part of the runtime's process that has registered itself.</summary>
/// <remarks>Not safe for threads: it belongs to an <see cref="ExtensionRegistry"/>.</remarks>
internal sealed class Extension(string name, bool isExternal)
{
    private TaskCompletionSource<ExtensionEvent>? _waiter;
    private ExtensionEvent? _undelivered;

    public string Id { get; } = Guid.NewGuid().ToString();

    public string Name { get; } = name;

    /// <summary>Whether it is a process of its own.</summary>
    public bool IsExternal { get; } = isExternal;

    public ExtensionState State { get; set; } = ExtensionState.Started;

    /// <summary>The events that it wants.</summary>
    public IReadOnlyList<string> Events { get; set; } = [];

    /// <summary>What it has reported by init/error or exit/error, or why it could not be started.</summary>
    public string? ErrorType { get; set; }

    /// <summary>Whether Init and an invocation need not wait for it.</summary>
    public bool IsReady => State == ExtensionState.Ready;

    /// <summary>It asks for its next event, which must be allowed.</summary>
    public TaskCompletionSource<ExtensionEvent> Ask()
    {
        var waiter = new TaskCompletionSource<ExtensionEvent>(TaskCreationOptions.RunContinuationsAsynchronously);
        State = ExtensionState.Ready;
        _waiter = waiter;
        if (_undelivered is { } undelivered) Deliver(undelivered);
        return waiter;
    }

    /// <summary>Whether a request for the next event is allowed: one at a time, and again when its connection has broken.</summary>
    public bool MayAsk =>
        State is ExtensionState.Registered or ExtensionState.Running || (State == ExtensionState.Ready && _waiter is null);

    /// <summary>Hands it an event, now or when it asks next.</summary>
    public void Deliver(ExtensionEvent next)
    {
        if (_waiter is null)
        {
            _undelivered = next;
            return;
        }
        State = ExtensionState.Running;
        _undelivered = null;
        _waiter.SetResult(next);
        _waiter = null;
    }

    /// <summary>The connection of a request has broken.</summary>
    public void Forget(TaskCompletionSource<ExtensionEvent> waiter)
    {
        if (_waiter == waiter) _waiter = null;
    }

    /// <summary>What Lambda logs of it when Init is over.</summary>
    public ExtensionReport Report => new(Name, State.ToString(), Events, ErrorType);
}
