using NativeLambda.Emulator.Logging;

namespace NativeLambda.Trials.Storm;

/// <summary>Counts what the environments say in their log.</summary>
/// <param name="copy">Gets every line, or nothing.</param>
internal sealed class LogCounts(TextWriter? copy = null)
{
    private int _releases;
    private int _withoutDatabase;
    private int _initTimeouts;

    /// <summary>Connections that were closed before the freeze.</summary>
    public int Releases => Volatile.Read(ref _releases);

    /// <summary>Environments whose Init went on without a database.</summary>
    public int InitsWithoutDatabase => Volatile.Read(ref _withoutDatabase);

    /// <summary>Inits that were ended by Lambda.</summary>
    public int InitTimeouts => Volatile.Read(ref _initTimeouts);

    /// <summary>A line of the log.</summary>
    public void Add(LogLine line)
    {
        copy?.WriteLine($"{line.Time:HH:mm:ss.fff} {line.EnvironmentId} {line.Text}");
        if (line.Text.Contains("is closed before the freeze", StringComparison.Ordinal))
            Interlocked.Increment(ref _releases);
        else if (line.Text.Contains("Init goes on without a database", StringComparison.Ordinal))
            Interlocked.Increment(ref _withoutDatabase);
        else if (line.Text.StartsWith("INIT_REPORT", StringComparison.Ordinal) && line.Text.Contains("timeout", StringComparison.Ordinal))
            Interlocked.Increment(ref _initTimeouts);
    }
}
