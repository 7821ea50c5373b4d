namespace NativeLambda.Trials.Soak.Running;

/// <summary>What the clients pass before each request; closed in a lull.</summary>
internal sealed class Gate
{
    private volatile TaskCompletionSource? _closed;

    /// <summary>Waits while it is closed.</summary>
    public Task PassAsync() => _closed?.Task ?? Task.CompletedTask;

    public void Close() => _closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Open()
    {
        TaskCompletionSource? closed = _closed;
        _closed = null;
        closed?.SetResult();
    }
}
