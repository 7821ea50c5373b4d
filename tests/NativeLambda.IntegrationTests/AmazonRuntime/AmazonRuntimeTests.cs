using System.Diagnostics;
using System.Text.RegularExpressions;
using NativeLambda.IntegrationTests.Fixtures;
using NativeLambda.IntegrationTests.Packaging;

namespace NativeLambda.IntegrationTests.AmazonRuntime;

/// <summary>
/// The function on Amazon.Lambda.RuntimeSupport (<c>-p:LambdaRuntime=Amazon</c>), held against the same tests as the default one. Skipped
/// where Amazon's packages cannot be restored.
/// </summary>
/// <remarks>
/// MSBuild reads the environment: with <c>RestoreAdditionalProjectSources</c> set to a folder of packages they are taken from there.
/// </remarks>
[Collection(PackagingGroup.Name)]
public sealed partial class AmazonRuntimeTests
{
    /// <summary>The tests that a bootstrap must stand, whatever its client is; docs/amazon-runtime.md has the same list.</summary>
    private static readonly string[] Conformance = ["Faults", "Init", "Shutdown", "Function", "Lanes"];

    private static readonly TimeSpan Guard = TimeSpan.FromMinutes(15);

    private static string Function => Path.Combine(Repository.Root, "src", "NativeLambda.Function");

    [Fact]
    public async Task The_function_on_Amazons_client_stands_the_same_tests()
    {
        (int restored, string told) = await RunAsync("dotnet", ["restore", Function, "-p:LambdaRuntime=Amazon"]);
        Match missing = Missing().Match(told);
        Assert.SkipWhen(restored != 0 && missing.Success, $"Amazon's packages cannot be restored: {missing.Value.Trim()}");
        Assert.True(restored == 0, told);

        string folder = Path.Combine(Repository.Root, "artifacts", "amazon", "publish", "bootstrap");
        (int published, told) = await RunAsync("dotnet", ["publish", Function, "-c", "Release", "--no-restore", "-p:LambdaRuntime=Amazon", "-o", folder]);
        Assert.True(published == 0, told);
        Assert.DoesNotContain(": warning ", told, StringComparison.Ordinal);

        (int passed, told) = await RunAsync(
            Path.Combine(AppContext.BaseDirectory, "NativeLambda.IntegrationTests"),
            ["-noColor", .. Conformance.SelectMany(static name => new[] { "-namespace", $"NativeLambda.IntegrationTests.{name}" })],
            (BootstrapFixture.PathVariable, Path.Combine(folder, "bootstrap")));
        Assert.True(passed == 0, told);
    }

    [Fact]
    public void The_document_runs_the_same_tests()
    {
        string document = File.ReadAllText(Path.Combine(Repository.Root, "docs", "amazon-runtime.md"));
        Assert.Equal(Conformance, NamedNamespace().Matches(document).Select(match => match.Groups[1].Value));
    }

    [Fact]
    public async Task Another_word_is_refused()
    {
        (int code, string told) = await RunAsync("dotnet", ["build", Function, "-p:LambdaRuntime=AWS", "--no-restore", "-v", "q"]);
        Assert.NotEqual(0, code);
        Assert.Contains("LambdaRuntime is 'AWS': use Native (the default) or Amazon.", told, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Told)> RunAsync(string program, string[] arguments, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Repository.Root, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        foreach ((string name, string value) in variables)
            start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(Guard);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }

        return (process.ExitCode, await output + await errors);
    }

    /// <summary>No such package (NU1101), not this version (NU1102), no source that answers (NU1301).</summary>
    [GeneratedRegex(@"NU(1101|1102|1301): .*")]
    private static partial Regex Missing();

    [GeneratedRegex(@"-namespace NativeLambda\.IntegrationTests\.(\w+)")]
    private static partial Regex NamedNamespace();
}
