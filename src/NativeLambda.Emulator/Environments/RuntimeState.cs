namespace NativeLambda.Emulator.Environments;

/// <summary>Where the runtime stands in its conversation over the Runtime API.</summary>
internal enum RuntimeState
{
    /// <summary>Init: it has not asked for an invocation yet.</summary>
    Starting,

    /// <summary>It has asked for the next invocation.</summary>
    Ready,

    /// <summary>It has an invocation and owes a response.</summary>
    Invoking,

    /// <summary>It is sending the response.</summary>
    Responding,

    /// <summary>It has posted the response or the error, and works on until it asks for the next invocation.</summary>
    Responded,

    /// <summary>It has reported that Init failed.</summary>
    InitFailed,
}
