namespace NativeLambda.Emulator.Dashboard.Feed;

/// <summary>The figures of <see cref="InvocationMetrics"/> at one moment.</summary>
internal sealed record MetricsReading
{
    /// <summary>Invocations that ended, a second, over the last seconds.</summary>
    public required double PerSecond { get; init; }

    /// <summary>Median Duration of the window; nothing without invocations.</summary>
    public required TimeSpan? P50 { get; init; }

    /// <summary>99th percentile of the window's Durations.</summary>
    public required TimeSpan? P99 { get; init; }

    public required int RecentInvocations { get; init; }

    public required int RecentColdStarts { get; init; }

    /// <summary>Since the start of the emulator.</summary>
    public required long Invocations { get; init; }

    public required long ColdStarts { get; init; }

    /// <summary>Invocations that ended by an error or at the timeout.</summary>
    public required long Failures { get; init; }
}
