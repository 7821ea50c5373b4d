using NativeLambda.Database;

namespace NativeLambda.Telemetry.Lifetime;

/// <summary>The session of another environment was terminated to make room.</summary>
/// <param name="Load">What the server answered.</param>
internal readonly record struct SessionEvicted(ServerLoad Load) : ILogRecord
{
    public LogLevel Level => LogLevel.Info;

    public void WriteMessage(LogLine line)
    {
        line.Raw("Evicted the session that was idle longest: "u8);
        line.Number(Load.Used);
        line.Raw(" of "u8);
        line.Number(Load.Slots);
        line.Raw(" slots are in use."u8);
    }

    public void WriteMembers(LogLine line)
    {
        line.Member("event"u8, "evicted"u8);
        line.Member("sessions"u8, Load.Evicted);
        line.Member("usedSlots"u8, Load.Used);
        line.Member("slots"u8, Load.Slots);
    }
}
