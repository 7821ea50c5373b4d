using System.Collections;

namespace NativeLambda.Benchmarks.Cli;

/// <summary>The variables of libpq.</summary>
internal static class LibpqVariables
{
    /// <summary>Those that this process has got.</summary>
    public static IReadOnlyDictionary<string, string> OfThisProcess() => Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .Select(static variable => ((string)variable.Key, (string?)variable.Value ?? ""))
        .Where(static variable => variable.Item1.StartsWith("PG", StringComparison.Ordinal))
        .ToDictionary();
}
