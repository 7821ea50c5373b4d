namespace NativeLambda.Emulator.Logging;

/// <summary>
/// Collects the lines of a function's environments, or of all functions, hands them to the sink, and keeps the most recent ones.
/// </summary>
internal sealed class FunctionLog(TimeProvider time, Action<LogLine>? sink, string functionName = "")
{
    /// <summary>How many lines are kept: enough for a test, little enough for a soak.</summary>
    internal const int Kept = 10_000;

    /// <summary>How many characters they may have together: a function that floods its output must not fill the emulator's memory.</summary>
    internal const int KeptCharacters = 16 * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly Lock _sinkGate = new();
    private readonly Queue<LogLine> _lines = new();
    private long _characters;
    private TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The lines kept, oldest first.</summary>
    public IReadOnlyList<LogLine> Lines
    {
        get
        {
            lock (_gate) return [.. _lines];
        }
    }

    public LogLine Write(string environmentId, LogSource source, string text, PlatformEvent? told = null)
    {
        var line = new LogLine(time.GetUtcNow(), environmentId, source, text) { FunctionName = functionName, Event = told };
        Append(line);
        return line;
    }

    /// <summary>Takes over a line of another log.</summary>
    public void Append(LogLine line)
    {
        TaskCompletionSource written;
        lock (_gate)
        {
            _lines.Enqueue(line);
            _characters += line.Text.Length;
            while (_lines.Count > Kept || _characters > KeptCharacters) _characters -= _lines.Dequeue().Text.Length;
            written = _written;
            _written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        written.SetResult();
        if (sink is not null)
            lock (_sinkGate) sink(line); // one at a time: a console or a list need not be thread-safe
    }

    /// <summary>The first kept line that satisfies the condition, waiting for it if need be.</summary>
    public async Task<LogLine> WaitAsync(Func<LogLine, bool> condition, CancellationToken cancellation)
    {
        while (true)
        {
            Task written;
            LogLine[] lines;
            lock (_gate)
            {
                written = _written.Task;
                lines = [.. _lines];
            }
            foreach (LogLine line in lines)
                if (condition(line)) return line;
            await written.WaitAsync(cancellation);
        }
    }
}
