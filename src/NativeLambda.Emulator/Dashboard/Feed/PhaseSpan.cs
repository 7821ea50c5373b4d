namespace NativeLambda.Emulator.Dashboard.Feed;

/// <summary>The beginning of a phase; it lasts until the next one's.</summary>
internal readonly record struct PhaseSpan(Phase Phase, long StartUnixMs, long Version);
