using System.Text.RegularExpressions;

namespace NativeLambda.Emulator.Sandboxing;

/// <summary>What of the machine's /tmp a function must see although it has its own: its code, and the files that its variables name.</summary>
internal static partial class VisiblePaths
{
    /// <summary>
    /// The directories, or files that lie in /tmp itself, none inside another. Of a file its directory is taken, so that one which is
    /// replaced (a rotated password) is seen.
    /// </summary>
    public static IReadOnlyList<string> Find(string bootstrap, IEnumerable<string> values)
    {
        IEnumerable<string> named = values.SelectMany(static value => PathPattern().Matches(value).Select(static match => match.Value));
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (string path in named.Append(bootstrap))
        {
            string full = Path.GetFullPath(path);
            if (!full.StartsWith("/tmp/", StringComparison.Ordinal)) continue;
            if (Directory.Exists(full)) found.Add(full);
            else if (File.Exists(full)) found.Add(Path.GetDirectoryName(full) is { } parent and not "/tmp" ? parent : full);
        }
        return [.. found.Where(path => !found.Any(other => path.StartsWith(other + "/", StringComparison.Ordinal)))];
    }

    [GeneratedRegex("/tmp/[A-Za-z0-9._/@%+=-]+")]
    private static partial Regex PathPattern();
}
