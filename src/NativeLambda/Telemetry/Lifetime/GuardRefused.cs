namespace NativeLambda.Telemetry.Lifetime;

/// <summary>A server, or a pooler before it, did not take a guard as the session starts.</summary>
/// <param name="Guards">The guard, or all of them.</param>
/// <param name="SqlState">What it was refused with; <see langword="null"/> where a pooler took it and ignored it.</param>
/// <param name="Message">The sentence for a person.</param>
internal readonly record struct GuardRefused(string Guards, string? SqlState, string Message) : ILogRecord
{
    public LogLevel Level => LogLevel.Warn;

    public void WriteMessage(LogLine line) => line.Text(Message);

    public void WriteMembers(LogLine line)
    {
        line.Member("event"u8, "guardRefused"u8);
        line.Member("guards"u8, Guards);
        if (SqlState is not null)
            line.Member("sqlState"u8, SqlState);
    }
}
