using System.Globalization;
using System.Text.RegularExpressions;
using NativeLambda.Emulator.Logging;

namespace NativeLambda.Trials.Soak.Running;

/// <summary>Reads the function's log as it comes: counts what tells of the connection's lifetime, and finds what must not be there.</summary>
internal sealed partial class FunctionLogWatch : IDisposable
{
    /// <summary>Enough to see what was around a violation that is found while it runs.</summary>
    private const int Kept = 20_000;

    private readonly Lock _lock = new();
    private readonly Queue<LogLine> _lines = new();
    private readonly Dictionary<string, string> _environments = [];
    private readonly Queue<string> _requests = new();
    private readonly SortedDictionary<string, long> _events = new(StringComparer.Ordinal);
    private readonly List<string> _secrets;
    private readonly Action<string> _violation;
    private readonly StreamWriter? _file;

    /// <param name="secrets">What must never come out.</param>
    /// <param name="file">Where to write all of it, or nothing.</param>
    /// <param name="violation">Gets what must not be there.</param>
    public FunctionLogWatch(IEnumerable<string> secrets, string? file, Action<string> violation)
    {
        _secrets = [.. secrets];
        _violation = violation;
        _file = file is null ? null : new StreamWriter(file);
    }

    /// <summary>How often each thing was logged.</summary>
    public IReadOnlyDictionary<string, long> Events
    {
        get
        {
            lock (_lock)
                return new SortedDictionary<string, long>(_events, StringComparer.Ordinal);
        }
    }

    public void Add(LogLine line)
    {
        string? wrong = null;
        lock (_lock)
        {
            _lines.Enqueue(line);
            if (_lines.Count > Kept)
                _lines.Dequeue();
            _file?.WriteLine(Format(line));
            if (line.Source == LogSource.Platform && StartLine().Match(line.Text) is { Success: true } start)
                Remember(start.Groups[1].Value, line.EnvironmentId);
            if (Name(line.Text) is { } name)
                _events[name] = _events.GetValueOrDefault(name) + 1;
            if (_secrets.Exists(secret => line.Text.Contains(secret, StringComparison.Ordinal)))
                wrong = "a line of the log has a password in it";
            else if (line.Text.Contains("Bug in the handler:", StringComparison.Ordinal))
                wrong = $"a session came back dirty: {line.Text}";
            else if (line.Text.StartsWith("the emulator failed", StringComparison.Ordinal) || line.Text.StartsWith("cannot freeze", StringComparison.Ordinal))
                wrong = line.Text;
        }

        if (wrong is not null)
            _violation(wrong);
    }

    /// <summary>The environment that served a request, or nothing.</summary>
    public string? EnvironmentOf(string requestId)
    {
        lock (_lock)
            return _environments.GetValueOrDefault(requestId);
    }

    /// <summary>What the environment of a request logged from some time before it until now; as far as it is kept.</summary>
    public IReadOnlyList<string> Around(string requestId, int most)
    {
        lock (_lock)
        {
            if (!_environments.TryGetValue(requestId, out string? environment))
                return [];
            List<LogLine> lines = [.. _lines.Where(line => line.EnvironmentId == environment)];
            int last = lines.FindLastIndex(line => line.Text.Contains(requestId, StringComparison.Ordinal));
            return [.. lines.Take(last + 1).TakeLast(most).Select(Format)];
        }
    }

    public void Dispose() => _file?.Dispose();

    private static string Format(LogLine line) =>
        string.Create(CultureInfo.InvariantCulture, $"{line.Time:HH:mm:ss.fff} {line.EnvironmentId[..Math.Min(6, line.EnvironmentId.Length)]} {line.Text}");

    private void Remember(string requestId, string environmentId)
    {
        _environments[requestId] = environmentId;
        _requests.Enqueue(requestId);
        if (_requests.Count > Kept)
            _environments.Remove(_requests.Dequeue());
    }

    private static string? Name(string text) => text switch
    {
        _ when Replaced().Match(text) is { Success: true } match => $"replaced ({match.Groups[1].Value})",
        _ when text.Contains("was lost under the handler", StringComparison.Ordinal) => "lost under the handler",
        _ when text.Contains("is closed before the freeze", StringComparison.Ordinal) => "released before the freeze",
        _ when text.Contains("The handler was cancelled before the deadline", StringComparison.Ordinal) => "handler cancelled at the deadline",
        _ when text.Contains("is given up", StringComparison.Ordinal) && text.Contains("handler", StringComparison.Ordinal) => "handler given up",
        _ when text.Contains("Init goes on without a database", StringComparison.Ordinal) => "Init without a database",
        _ when text.Contains("Status: timeout", StringComparison.Ordinal) => "environment reset by its timeout",
        _ when text.StartsWith("the runtime ended", StringComparison.Ordinal) => "runtime ended by itself",
        _ => null,
    };

    [GeneratedRegex(@"^START RequestId: (\S+)")]
    private static partial Regex StartLine();

    [GeneratedRegex(@"Replacing the connection to backend \d+: ([^;]+);")]
    private static partial Regex Replaced();
}
