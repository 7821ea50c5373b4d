namespace NativeLambda.Emulator.Environments;

/// <summary>The state machine of the Runtime API, as a table.</summary>
internal static class RuntimeTransitions
{
    /// <summary>The state after a call, or nothing where the call is an <c>InvalidStateTransition</c>.</summary>
    public static RuntimeState? After(RuntimeState state, RuntimeCall call) => (state, call) switch
    {
        (RuntimeState.Starting, RuntimeCall.Next) => RuntimeState.Ready,
        (RuntimeState.Starting, RuntimeCall.InitError) => RuntimeState.InitFailed,
        // A runtime whose connection broke while it waited asks again.
        (RuntimeState.Ready, RuntimeCall.Next) => RuntimeState.Ready,
        (RuntimeState.Invoking, RuntimeCall.BeginResponse) => RuntimeState.Responding,
        (RuntimeState.Invoking, RuntimeCall.Error) => RuntimeState.Responded,
        (RuntimeState.Responding, RuntimeCall.Response) => RuntimeState.Responded,
        (RuntimeState.Responded, RuntimeCall.Next) => RuntimeState.Ready,
        _ => null,
    };
}
