namespace NativeLambda.Trials.Soak.Planning;

/// <summary>What a fault excuses.</summary>
[Flags]
internal enum FaultEffects
{
    /// <summary>Nobody may notice.</summary>
    None = 0,

    /// <summary>The database cannot be reached by some: any request may be turned away.</summary>
    Unreachable = 1,

    /// <summary>Connections end, once: a write may be lost, a read is run again.</summary>
    Cuts = 2,

    /// <summary>Writes wait for longer than they may.</summary>
    BlocksWrites = 4,

    /// <summary>An environment ends under the invocation that it serves.</summary>
    EndsInvocation = 8,
}

/// <summary>Which fault has which effects.</summary>
internal static class FaultKinds
{
    public static FaultEffects Effects(this FaultKind kind) => kind switch
    {
        FaultKind.TerminateIdle or FaultKind.Reset or FaultKind.RotatePassword => FaultEffects.Cuts,
        FaultKind.TerminateInStatement or FaultKind.LoseAnswers => FaultEffects.Cuts | FaultEffects.BlocksWrites,
        FaultKind.RestartFast or FaultKind.RestartImmediate or FaultKind.FillSlots or FaultKind.Refuse or FaultKind.Ignore
            or FaultKind.Swallow => FaultEffects.Cuts | FaultEffects.Unreachable,
        FaultKind.Suspend => FaultEffects.Unreachable,
        FaultKind.KillEnvironment => FaultEffects.EndsInvocation,
        FaultKind.LockRows => FaultEffects.BlocksWrites,
        _ => FaultEffects.None,
    };
}
