namespace NativeLambda.Tests.TestSupport;

/// <summary>Files of the repository that these tests were built from.</summary>
internal static class RepositoryFiles
{
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "NativeLambda.sln"))) return at.FullName;
        throw new InvalidOperationException($"{AppContext.BaseDirectory} is in no checkout of the repository.");
    }
}
