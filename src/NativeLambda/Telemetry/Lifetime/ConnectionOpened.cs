using NativeLambda.Database;

namespace NativeLambda.Telemetry.Lifetime;

/// <summary>Opening → Idle: the connection was opened, or opened again after another.</summary>
/// <param name="BackendPid">The backend.</param>
/// <param name="Duration">From the first attempt to success.</param>
/// <param name="Attempts">How many it took.</param>
/// <param name="Replaced">Why the one before it is no more; <see langword="null"/> for the first of the environment.</param>
internal readonly record struct ConnectionOpened(int BackendPid, TimeSpan Duration, int Attempts, CloseCause? Replaced) : ILogRecord
{
    public LogLevel Level => LogLevel.Info;

    public void WriteMessage(LogLine line)
    {
        line.Raw(Replaced is null ? "Opened the connection: backend "u8 : "Reopened the connection: backend "u8);
        line.Number(BackendPid);
        line.Raw(" in "u8);
        line.Milliseconds(Duration);
        line.Raw(" ms"u8);
        if (Attempts > 1)
        {
            line.Raw(", at attempt "u8);
            line.Number(Attempts);
        }

        if (Replaced is { } cause)
        {
            line.Raw("; why: "u8);
            line.Raw(cause.Name());
        }

        line.Raw("."u8);
    }

    public void WriteMembers(LogLine line)
    {
        line.Member("event"u8, Replaced is null ? "opened"u8 : "reopened"u8);
        if (Replaced is { } cause)
            line.Member("cause"u8, cause.Name());
        line.Member("backendPid"u8, BackendPid);
        line.Member("durationMs"u8, Duration);
        line.Member("attempts"u8, Attempts);
    }
}
