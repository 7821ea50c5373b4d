namespace NativeLambda.Gateway.Tests;

/// <summary>Programs that a test may find on the machine.</summary>
internal static class InstalledProgram
{
    /// <summary>Its path; null where <c>PATH</c> has none of the name.</summary>
    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
