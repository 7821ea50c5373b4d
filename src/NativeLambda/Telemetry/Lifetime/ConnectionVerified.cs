namespace NativeLambda.Telemetry.Lifetime;

/// <summary>Checking → Lent: the connection was found good when an invocation arrived.</summary>
/// <param name="BackendPid">The backend.</param>
/// <param name="ByPing">Whether by a round trip, or by a poll of the socket alone.</param>
/// <param name="Gap">The time since it was last known good.</param>
/// <param name="Duration">What the check took.</param>
internal readonly record struct ConnectionVerified(int BackendPid, bool ByPing, TimeSpan Gap, TimeSpan Duration) : ILogRecord
{
    public LogLevel Level => LogLevel.Debug;

    public void WriteMessage(LogLine line)
    {
        line.Raw("Verified the connection to backend "u8);
        line.Number(BackendPid);
        line.Raw(ByPing ? " by a ping in "u8 : " by its socket in "u8);
        line.Milliseconds(Duration);
        line.Raw(" ms; gap "u8);
        line.Milliseconds(Gap);
        line.Raw(" ms."u8);
    }

    public void WriteMembers(LogLine line)
    {
        line.Member("event"u8, "verified"u8);
        line.Member("check"u8, ByPing ? "ping"u8 : "socket"u8);
        line.Member("backendPid"u8, BackendPid);
        line.Member("gapMs"u8, Gap);
        line.Member("durationMs"u8, Duration);
    }
}
