namespace NativeLambda.IntegrationTests.Fixtures;

/// <summary>The Native AOT gateway that build/test has published.</summary>
internal static class GatewayProgram
{
    /// <summary>Path of a gateway to test; build/test sets it.</summary>
    public const string PathVariable = "NATIVELAMBDA_GATEWAY";

    /// <summary>The executable, or nothing where none was published: publishing takes longer than a test may.</summary>
    public static string? Path { get; } = Environment.GetEnvironmentVariable(PathVariable) is { Length: > 0 } given && File.Exists(given) ? given : null;

    /// <summary>The executable; skips the test where there is none.</summary>
    public static string Required
    {
        get
        {
            Assert.SkipWhen(Path is null, $"{PathVariable} names no gateway: build/test publishes one");
            return Path!;
        }
    }
}
