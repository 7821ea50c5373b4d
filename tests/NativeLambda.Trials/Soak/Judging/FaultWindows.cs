using NativeLambda.Trials.Soak.Planning;

namespace NativeLambda.Trials.Soak.Judging;

/// <summary>When there were faults, as the oracle knows it: they come one after the other.</summary>
internal sealed class FaultWindows
{
    /// <summary>Old ones excuse nobody any more: no request takes so long.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private readonly List<FaultWindow> _windows = [];
    private readonly SortedDictionary<FaultKind, int> _counts = [];

    /// <summary>How many of each kind there were.</summary>
    public IReadOnlyDictionary<FaultKind, int> Counts
    {
        get
        {
            lock (_lock)
                return new SortedDictionary<FaultKind, int>(_counts);
        }
    }

    /// <summary>The one that is there now, or nothing.</summary>
    public FaultKind? Current
    {
        get
        {
            lock (_lock)
                return _windows.Count > 0 && _windows[^1] is { } last && last.End == TimeSpan.MaxValue ? last.Kind : null;
        }
    }

    public void Open(FaultKind kind, TimeSpan now)
    {
        lock (_lock)
        {
            _windows.RemoveAll(window => window.End < now - Kept);
            _windows.Add(new FaultWindow(kind, now, TimeSpan.MaxValue));
            _counts[kind] = _counts.GetValueOrDefault(kind) + 1;
        }
    }

    /// <summary>The last one is over, at this time.</summary>
    public void Close(TimeSpan end)
    {
        lock (_lock)
            _windows[^1] = _windows[^1] with { End = end };
    }

    /// <summary>Those that were there at some moment of a time.</summary>
    public IReadOnlyList<FaultWindow> Overlapping(TimeSpan start, TimeSpan end)
    {
        lock (_lock)
            return [.. _windows.Where(window => window.Overlaps(start, end))];
    }
}
