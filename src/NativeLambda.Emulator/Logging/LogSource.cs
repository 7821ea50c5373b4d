namespace NativeLambda.Emulator.Logging;

/// <summary>Who wrote a line of the log.</summary>
public enum LogSource
{
    /// <summary>The platform: START, END, REPORT, INIT_REPORT or the records in their place, timeouts and crashes.</summary>
    Platform,

    /// <summary>The function, on its standard output.</summary>
    StandardOutput,

    /// <summary>The function, on its standard error.</summary>
    StandardError,
}
