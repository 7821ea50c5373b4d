using NativeLambda.Emulator.Environments;

namespace NativeLambda.Emulator.Dashboard.Feed;

/// <summary>From the state of an environment and what is known of its backend to the phase that is shown.</summary>
internal static class PhaseRules
{
    /// <param name="state">The state.</param>
    /// <param name="held">Whether it was frozen in mid-invocation.</param>
    /// <param name="backendLost">Whether it had a backend that is gone, and no other has been seen since.</param>
    public static Phase Of(EnvironmentState state, bool held, bool backendLost) => state switch
    {
        EnvironmentState.Initializing => Phase.Init,
        EnvironmentState.Idle => Phase.Idle,
        EnvironmentState.Busy when held => Phase.Held,
        EnvironmentState.Busy => backendLost ? Phase.Reopening : Phase.Busy,
        EnvironmentState.Frozen => Phase.Frozen,
        EnvironmentState.Reset => Phase.Reset,
        EnvironmentState.Stopping => Phase.Stopping,
        _ => Phase.Dead,
    };
}
