namespace NativeLambda.Benchmarks.Profiling;

/// <summary>Finds programs as a shell does.</summary>
internal static class ProgramSearch
{
    /// <summary>Its absolute path; nothing where it is not installed.</summary>
    public static string? Find(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
        .Select(directory => Path.Combine(directory, name)).FirstOrDefault(File.Exists);
}
