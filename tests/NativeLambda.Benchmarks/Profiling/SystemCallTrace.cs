using System.Globalization;

namespace NativeLambda.Benchmarks.Profiling;

/// <summary>What strace saw of a cold start.</summary>
/// <param name="Calls">How many system calls there were until the first answer.</param>
/// <param name="Threads">How many threads were started.</param>
/// <param name="Files">How many files were opened, or looked for in vain.</param>
/// <param name="Milestones">What could be told from the calls, and when it was, from exec on.</param>
internal sealed record SystemCallTrace(int Calls, int Threads, int Files, IReadOnlyList<(string Name, TimeSpan At)> Milestones)
{
    /// <summary>Reads the lines of <c>strace -f -ttt</c>.</summary>
    /// <param name="lines">The lines: process id, seconds, call.</param>
    /// <param name="databasePort">The server's port.</param>
    /// <param name="rootCertificate">The file with the pinned root.</param>
    public static SystemCallTrace Read(IEnumerable<string> lines, int databasePort, string rootCertificate)
    {
        string database = string.Create(CultureInfo.InvariantCulture, $"sin_port=htons({databasePort})");
        // In the order in which they come about; each is the first call that shows it.
        (string Name, Func<string, bool> Shows)[] wanted =
        [
            ("libraries are loaded and bound (the loader drops its cache)", static call => call.StartsWith("munmap(", StringComparison.Ordinal)),
            ("the first thread is started", IsClone),
            ("the Runtime API is connected to", call => IsConnect(call) && !call.Contains(database, StringComparison.Ordinal)),
            ("the server is connected to", call => IsConnect(call) && call.Contains(database, StringComparison.Ordinal)),
            ("OpenSSL is looked for", static call => IsOpen(call) && call.Contains("libssl", StringComparison.Ordinal)),
            ("the root certificate is read", call => IsOpen(call) && call.Contains(rootCertificate, StringComparison.Ordinal)),
            ("next is asked for", static call => call.Contains("\"GET /2018-06-01/runtime/invocation", StringComparison.Ordinal)),
            ("the answer is posted", static call => call.Contains("\"POST /2018-06-01/runtime/invocation", StringComparison.Ordinal)),
        ];
        var found = new TimeSpan?[wanted.Length];
        (int calls, int threads, int files) = (0, 0, 0);
        double? start = null;
        foreach (string line in lines)
        {
            string[] fields = line.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length < 3 || !double.TryParse(fields[1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds)) continue;
            string call = fields[2];
            // The second half of a call that another thread's line has come into.
            if (call.StartsWith("<...", StringComparison.Ordinal) || call.StartsWith("+++", StringComparison.Ordinal) || call.StartsWith("---", StringComparison.Ordinal)) continue;
            start ??= seconds;
            calls++;
            if (IsClone(call)) threads++;
            if (IsOpen(call)) files++;
            for (int index = 0; index < wanted.Length; index++)
                if (found[index] is null && wanted[index].Shows(call)) found[index] = TimeSpan.FromSeconds(seconds - start.Value);
            if (found[^1] is not null) break;
        }

        return new SystemCallTrace(
            calls, threads, files,
            [.. wanted.Zip(found).Where(static pair => pair.Second is not null).Select(static pair => (pair.First.Name, pair.Second!.Value)).OrderBy(static pair => pair.Value)]);
    }

    private static bool IsClone(string call) => call.StartsWith("clone", StringComparison.Ordinal);

    private static bool IsConnect(string call) => call.StartsWith("connect(", StringComparison.Ordinal) && call.Contains("AF_INET", StringComparison.Ordinal);

    private static bool IsOpen(string call) => call.StartsWith("open", StringComparison.Ordinal);
}
