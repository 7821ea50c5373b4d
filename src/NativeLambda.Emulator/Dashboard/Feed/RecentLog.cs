using NativeLambda.Emulator.Logging;

namespace NativeLambda.Emulator.Dashboard.Feed;

/// <summary>The last lines of the log, numbered.</summary>
internal sealed class RecentLog
{
    /// <summary>How many lines are kept, and sent at once.</summary>
    internal const int Kept = 300;

    private readonly Lock _gate = new();
    private readonly Queue<(long Number, LogLine Line)> _lines = new();
    private long _last;

    public void Add(LogLine line)
    {
        lock (_gate)
        {
            _lines.Enqueue((++_last, line));
            if (_lines.Count > Kept) _lines.Dequeue();
        }
    }

    /// <summary>The kept lines after a number, oldest first. Numbers that are missing were too many.</summary>
    public IReadOnlyList<(long Number, LogLine Line)> After(long number)
    {
        lock (_gate) return number >= _last ? [] : [.. _lines.Where(entry => entry.Number > number)];
    }
}
