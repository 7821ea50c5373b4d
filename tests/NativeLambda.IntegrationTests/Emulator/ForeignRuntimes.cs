using NativeLambda.Emulator;
using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Emulator;

/// <summary>Bootstraps of others: scripts, a Go program, and AWS's runtime client for Node. build/lib/foreign.sh builds the last two.</summary>
internal static class ForeignRuntimes
{
    public const string Shell = "shell";
    public const string Python = "python";
    public const string Go = "go";
    public const string Ric = "ric";

    private static readonly string Built = Path.Combine(Repository.Root, "artifacts", "foreign");

    /// <summary>How to run one. The test is skipped where it cannot be had.</summary>
    public static LocalLambdaOptions Options(string name, string handler = "foreign.handler")
    {
        string bootstrap = name == Go
            ? Path.Combine(Built, "go", "bootstrap")
            : Path.Combine(AppContext.BaseDirectory, "Emulator", "bootstraps", name);
        string ric = Path.Combine(Built, "ric");
        Assert.SkipWhen(name == Shell && !IsOnPath("curl"), "curl is not here");
        Assert.SkipWhen(name == Python && !IsOnPath("python3"), "python3 is not here");
        Assert.SkipUnless(File.Exists(bootstrap), $"{bootstrap} is not built: build/lib/foreign.sh");
        Assert.SkipWhen(
            name == Ric && !File.Exists(Path.Combine(ric, "node_modules", "aws-lambda-ric", "dist", "rapid-client.node")),
            $"aws-lambda-ric is not built in {ric}: build/lib/foreign.sh");
        return LambdaFixtures.Options(init: null, ("RIC", ric)) with { Bootstrap = bootstrap, Handler = handler };
    }

    private static bool IsOnPath(string program) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));
}
