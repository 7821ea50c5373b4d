namespace NativeLambda.Telemetry;

/// <summary>A record that is a sentence, and what was thrown, if anything: its type, message and stack trace go to the log, and only there.</summary>
internal readonly record struct Words(LogLevel Level, string Message, Exception? Exception) : ILogRecord
{
    public void WriteMessage(LogLine line)
    {
        line.Text(Message);
        if (Exception is null || line.IsJson)
            return;
        line.Raw(" "u8);
        line.Text(Exception.ToString());
    }

    public void WriteMembers(LogLine line)
    {
        if (Exception is null)
            return;
        line.Member("errorType"u8, Exception.GetType().FullName);
        line.Member("errorMessage"u8, Exception.Message);
        line.Name("stackTrace"u8);
        ReadOnlySpan<byte> before = "["u8;
        foreach (ReadOnlySpan<char> frame in Exception.ToString().AsSpan().EnumerateLines())
        {
            line.Raw(before);
            line.String(frame);
            before = ","u8;
        }

        line.Raw("]"u8);
    }
}
