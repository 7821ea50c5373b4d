using NativeLambda.Database;

namespace NativeLambda.Telemetry.Lifetime;

/// <summary>To Absent or Closed: the connection is no more.</summary>
/// <param name="BackendPid">The backend.</param>
/// <param name="Reason">Why.</param>
/// <param name="Age">How long it was open; <see cref="TimeSpan.MaxValue"/> where nobody can say.</param>
/// <param name="Invocations">How many invocations it was lent to.</param>
/// <param name="Duration">What closing it took.</param>
internal readonly record struct ConnectionClosed(int BackendPid, CloseReason Reason, TimeSpan Age, long Invocations, TimeSpan Duration) : ILogRecord
{
    public LogLevel Level => LogLevel.Info;

    public void WriteMessage(LogLine line)
    {
        line.Raw(Reason switch
        {
            { Gap: not null } => "Replacing the connection to backend "u8,
            { Cause: CloseCause.Released } => "The connection to backend "u8,
            _ => "Closed the connection to backend "u8,
        });
        line.Number(BackendPid);
        line.Raw(Reason.Cause == CloseCause.Released ? " is closed before the freeze: "u8 : ": "u8);
        if (Reason.Detail is { } detail)
            line.Text(detail);
        else
            line.Raw(Reason.Cause.Name());
        if (Reason.Gap is { } gap)
        {
            line.Raw("; gap "u8);
            WriteTime(line, gap);
        }

        line.Raw("; age "u8);
        WriteTime(line, Age);
        line.Raw("; invocations "u8);
        line.Number(Invocations);
        line.Raw("; closing took "u8);
        line.Milliseconds(Duration);
        line.Raw(" ms."u8);
    }

    public void WriteMembers(LogLine line)
    {
        line.Member("event"u8, "closed"u8);
        line.Member("cause"u8, Reason.Cause.Name());
        line.Member("backendPid"u8, BackendPid);
        if (Reason.Gap is { } gap && gap != TimeSpan.MaxValue)
            line.Member("gapMs"u8, gap);
        if (Age != TimeSpan.MaxValue)
            line.Member("ageMs"u8, Age);
        line.Member("invocations"u8, Invocations);
        line.Member("durationMs"u8, Duration);
    }

    private static void WriteTime(LogLine line, TimeSpan time)
    {
        if (time == TimeSpan.MaxValue)
        {
            line.Raw("unknown, the clock went back"u8);
            return;
        }

        line.Milliseconds(time);
        line.Raw(" ms"u8);
    }
}
