namespace NativeLambda.Emulator.Dashboard;

/// <summary>A function as the dashboard shows it.</summary>
internal sealed record DashboardFunction(string Name, int MemorySizeMb, TimeSpan Timeout, int MaxConcurrency);
