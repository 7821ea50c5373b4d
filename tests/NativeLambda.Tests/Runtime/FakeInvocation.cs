namespace NativeLambda.Tests.Runtime;

/// <summary>What became of an invocation that the fake Runtime API knows.</summary>
internal sealed class FakeInvocation
{
    private int _answered;

    public TaskCompletionSource<FakeRequest> Response { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource<FakeRequest> Error { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Takes the first answer; false for any other.</summary>
    public bool Answer(FakeRoute route, FakeRequest request)
    {
        if (Interlocked.Exchange(ref _answered, 1) != 0)
            return false;
        (route == FakeRoute.Response ? Response : Error).SetResult(request);
        return true;
    }
}
