using NativeLambda.Emulator.Environments;
using NativeLambda.Emulator.Logging;

namespace NativeLambda.Emulator.Dashboard.Feed;

/// <summary>Everything that the dashboard shows, fed by the emulator as it happens.</summary>
internal sealed class FeedState(TimeProvider time)
{
    public TimeProvider Time { get; } = time;

    public Fleet Fleet { get; } = new(time);

    public InvocationMetrics Metrics { get; } = new(time);

    public RecentLog Log { get; } = new();

    /// <summary>How environments are frozen, and the functions: known once the emulator has started.</summary>
    public IDashboardTarget? Target { get; set; }

    /// <summary>The database, where one is watched.</summary>
    public Func<DatabaseFacts?> Database { get; set; } = static () => null;

    /// <summary>The proxy before it, where there is one.</summary>
    public Func<NetworkFacts?> Network { get; set; } = static () => null;

    /// <summary>An environment has changed.</summary>
    public void Observe(string function, Func<EnvironmentSnapshot> read) => Fleet.Observe(function, read);

    /// <summary>A line was logged.</summary>
    public void Observe(LogLine line)
    {
        if (line.Event is ReportLine report)
            Metrics.Record(line.FunctionName, report.Duration, cold: report.InitDuration is not null, failed: report.Status is not null);
        Log.Add(line);
    }
}
