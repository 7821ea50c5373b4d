namespace NativeLambda.Emulator.Environments;

/// <summary>Where an extension stands; the names are those of the EXTENSION log line.</summary>
internal enum ExtensionState
{
    /// <summary>Its process was started; it has not registered.</summary>
    Started,

    /// <summary>It has registered; it has not asked for an event.</summary>
    Registered,

    /// <summary>It asks for its next event.</summary>
    Ready,

    /// <summary>It works on an event.</summary>
    Running,

    /// <summary>Its process could not be started.</summary>
    LaunchError,

    /// <summary>It has reported that it could not begin.</summary>
    InitError,

    /// <summary>It has reported that it cannot go on.</summary>
    ExitError,

    /// <summary>Its process has ended.</summary>
    Exited,
}
