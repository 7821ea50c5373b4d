namespace NativeLambda.Emulator;

/// <summary>Which of the platform's records stand in the log of a function that logs in JSON.</summary>
public enum SystemLogLevel
{
    /// <summary>All of them.</summary>
    Debug,

    /// <summary>Those that start and report something, and those of failures.</summary>
    Info,

    /// <summary>Those of failures.</summary>
    Warn,
}
