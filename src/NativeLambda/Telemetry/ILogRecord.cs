namespace NativeLambda.Telemetry;

/// <summary>
/// What one record of the log says. It is asked only when its level is written, and writes into the line itself: a record that is not
/// written costs neither a string nor an object.
/// </summary>
internal interface ILogRecord
{
    LogLevel Level { get; }

    /// <summary>What happened, for a person, in either format.</summary>
    void WriteMessage(LogLine line);

    /// <summary>The same for a program: members of the JSON record. Text has what a person reads.</summary>
    void WriteMembers(LogLine line);
}
