namespace NativeLambda.Runtime;

/// <summary>
/// The Shutdown phase: from SIGTERM to the end of the process. Whoever waits stops waiting, handlers are cancelled and get a moment,
/// the connections are closed; and when that takes too long, the process ends without it.
/// </summary>
/// <remarks>
/// Lambda gives a runtime 500 ms, and 300 ms beside external extensions, before SIGKILL
/// (<see href="https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-shutdown">Shutdown phase</see>).
/// </remarks>
#pragma warning disable CA1001 // Its sources live as long as the process: a signal may come at any moment of its end.
internal sealed class ShutdownPhase
#pragma warning restore CA1001
{
    /// <summary>The time for all of it: the end of the process itself must still fit into 250 ms.</summary>
    public TimeSpan Budget { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>What a handler gets of that after its cancellation: the statement is cancelled at the server meanwhile.</summary>
    public TimeSpan HandlerGrace { get; init; } = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _begun = new();
    private readonly CancellationTokenSource _handlersLeft = new();

    private readonly TaskCompletionSource _ended = new();

    // Continues on the thread that completes it, see Begin.
    private readonly TaskCompletionSource _over = new();
    private int _hasBegun;

    /// <summary>What an invocation needs to know of it.</summary>
    public ShutdownSignals Signals => new(_begun.Token, _handlersLeft.Token);

    /// <summary>Completes when there is no time left: whatever still runs is left running.</summary>
    public Task Over => _over.Task;

    /// <summary>
    /// Begins the phase, once, and stays until it has ended or the budget is spent. Called by the signal's handler, which .NET runs on
    /// a thread of its own: the time is taken on that thread, and the end continues on it, because a server that hangs may hold every
    /// thread of the pool, which is also where timers run.
    /// </summary>
    /// <param name="atOnce">There is nothing to close: the phase is over as it begins.</param>
    public void Begin(bool atOnce)
    {
        if (Interlocked.Exchange(ref _hasBegun, 1) != 0)
            return;

        // Not here: what is cancelled may talk to the server in the course of it.
        _ = _begun.CancelAsync();
        if (!atOnce)
        {
            if (_ended.Task.Wait(HandlerGrace))
                return;
            _ = _handlersLeft.CancelAsync();
            if (_ended.Task.Wait(Budget - HandlerGrace))
                return;
        }

        _over.TrySetResult();
    }

    /// <summary>All is closed.</summary>
    public void End() => _ended.TrySetResult();
}
