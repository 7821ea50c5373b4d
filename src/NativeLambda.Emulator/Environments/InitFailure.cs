using NativeLambda.Emulator.Processes;

namespace NativeLambda.Emulator.Environments;

/// <summary>Why an Init phase failed.</summary>
/// <param name="Status"><c>error</c> or <c>timeout</c>, as in the INIT_REPORT line.</param>
/// <param name="ErrorType">The type of the error.</param>
/// <param name="Outcome">What a caller gets, given the id of its request.</param>
/// <param name="LogText">The text of the log line that follows "RequestId: … Error: ", where there is one.</param>
internal sealed record InitFailure(string Status, string ErrorType, Func<string, InvocationOutcome> Outcome, string? LogText)
{
    /// <summary>How long a runtime that has posted init/error is left alone to end by itself.</summary>
    private static readonly TimeSpan InitErrorGrace = TimeSpan.FromMilliseconds(500);

    /// <summary>The process ended.</summary>
    public static InitFailure OfExit(ExitStatus status) =>
        Of(status.OutOfMemory ? InvocationOutcome.OutOfMemoryType : InvocationOutcome.ExitErrorType, status.Describe());

    /// <summary>A process ended: the runtime's, or an extension's.</summary>
    public static InitFailure OfExit(RuntimeEvent.Exited exited) => (exited.Extension, exited.ErrorType) switch
    {
        (null, null) => OfExit(exited.Status),
        (null, var errorType) => Of(errorType, exited.Status.Describe()),
        (_, var errorType) => Of(errorType ?? "Extension.Crash", exited.Status.DescribeExtension()),
    };

    /// <summary>An external extension could not be started.</summary>
    public static InitFailure OfLaunch(string message) => Of("Extension.LaunchError", message);

    /// <summary>The process could not be started.</summary>
    public static InitFailure OfEntrypoint(string message) => Of(InvocationOutcome.InvalidEntrypointType, message);

    /// <summary>Follows a process through Init.</summary>
    /// <returns>
    /// Nothing when the runtime and the extensions have asked for their first event in time, or when the external extensions have
    /// registered, before the runtime is started.
    /// </returns>
    public static async Task<InitFailure?> WatchAsync(RuntimeSession session, TimeSpan limit, CancellationToken deadline)
    {
        try
        {
            switch (await session.Events.ReadAsync(deadline))
            {
                case RuntimeEvent.Ready or RuntimeEvent.ExtensionsRegistered:
                    return null;
                case RuntimeEvent.InitError error:
                    await WaitForExitAsync(session);
                    return new InitFailure("error", error.ErrorType, _ => new InvocationOutcome(error.Payload, error.ErrorType), LogText: null);
                case RuntimeEvent.Exited exited:
                    return OfExit(exited);
                case var other:
                    throw new InvalidOperationException($"{other.GetType().Name} in Init");
            }
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return new InitFailure("timeout", InvocationOutcome.TimeoutType, id => InvocationOutcome.OfTimeout(id, limit), LogText: null);
        }
    }

    private static InitFailure Of(string errorType, string text) =>
        new("error", errorType, id => InvocationOutcome.OfError(errorType, $"RequestId: {id} Error: {text}"), text);

    /// <summary>Leaves a runtime that has reported its failure the time to write its last lines.</summary>
    private static async Task WaitForExitAsync(RuntimeSession session)
    {
        using var grace = new CancellationTokenSource(InitErrorGrace, TimeProvider.System);
        try
        {
            while (await session.Events.ReadAsync(grace.Token) is not RuntimeEvent.Exited) { }
        }
        catch (OperationCanceledException) when (grace.IsCancellationRequested)
        {
            // It does not end by itself: it is killed.
        }
    }
}
