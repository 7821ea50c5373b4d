namespace NativeLambda.Emulator.Logging;

/// <summary>One line of the function's log.</summary>
/// <param name="Time">When the emulator read or wrote it.</param>
/// <param name="EnvironmentId">The execution environment it belongs to.</param>
/// <param name="Source">Who wrote it.</param>
/// <param name="Text">The line, without its line feed.</param>
public readonly record struct LogLine(DateTimeOffset Time, string EnvironmentId, LogSource Source, string Text)
{
    /// <summary>The function whose environment it is; empty for what belongs to none.</summary>
    public string FunctionName { get; init; } = "";

    /// <summary>What the platform tells by the line, where it is one of Lambda's.</summary>
    internal PlatformEvent? Event { get; init; }
}
