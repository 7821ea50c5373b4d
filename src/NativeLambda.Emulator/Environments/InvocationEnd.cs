namespace NativeLambda.Emulator.Environments;

/// <summary>How the environment came out of an invocation.</summary>
/// <param name="Status"><c>error</c> where the runtime has reported one, or nothing.</param>
/// <param name="ErrorType">Its type.</param>
/// <param name="Exit">What ended, where a process of the environment did; nothing where the runtime is ready for the next invocation.</param>
/// <param name="TimedOut">Whether the time was over before anything of that.</param>
internal readonly record struct InvocationEnd(string? Status, string? ErrorType, RuntimeEvent.Exited? Exit = null, bool TimedOut = false)
{
    /// <summary>Passes the runtime's answer on to the caller as soon as it is there, and returns when the invocation is over.</summary>
    /// <param name="session">The runtime, to which the invocation was delivered.</param>
    /// <param name="invocation">The invocation.</param>
    /// <param name="deadline">Its time is over.</param>
    public static async Task<InvocationEnd> FollowAsync(RuntimeSession session, PendingInvocation invocation, CancellationToken deadline)
    {
        string? status = null, errorType = null;
        try
        {
            while (true)
            {
                switch (await session.Events.ReadAsync(deadline))
                {
                    case RuntimeEvent.Response response:
                        invocation.Complete(new InvocationOutcome(response.Payload));
                        continue;
                    case RuntimeEvent.Streamed streamed:
                        if (streamed.Failure is not null) (status, errorType) = ("error", streamed.Failure.ErrorType);
                        invocation.Complete(streamed.Failure ?? new InvocationOutcome(ReadOnlyMemory<byte>.Empty));
                        continue;
                    case RuntimeEvent.Error error:
                        (status, errorType) = ("error", error.ErrorType);
                        invocation.Complete(new InvocationOutcome(error.Payload, error.ErrorType));
                        continue;
                    case RuntimeEvent.ResponseTooLarge tooLarge:
                        (status, errorType) = ("error", InvocationOutcome.ResponseTooLargeType);
                        invocation.Complete(InvocationOutcome.OfTooLargeResponse(tooLarge.Limit));
                        continue;
                    case RuntimeEvent.Exited exited:
                        return new InvocationEnd(status, errorType, Exit: exited);
                    case RuntimeEvent.Ready:
                        return new InvocationEnd(status, errorType);
                }
            }
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return new InvocationEnd(status, errorType, TimedOut: true);
        }
    }
}
