using System.Diagnostics;
using System.Runtime.InteropServices;
using NativeLambda.Emulator.Postgres;
using NativeLambda.IntegrationTests.Emulator;
using NativeLambda.IntegrationTests.Fixtures;
using NativeLambda.IntegrationTests.Packaging;
using NativeLambda.Packaging;

namespace NativeLambda.IntegrationTests.Documents;

/// <summary>docs/deploying.md: its commands, run as they stand there.</summary>
[Collection(PackagingGroup.Name)]
public sealed class DeployingTests(PostgresFixture postgres)
{
    private const string Document = "docs/deploying.md";

    // Run by Arm64PackageTests, where it can be.
    private const string RunArm64 = "run-arm64";

    private static readonly IReadOnlyList<CommandBlock> Blocks = DocumentCommands.Of(Document);

    [Fact]
    public void Every_command_is_run_or_says_what_it_needs() => Assert.All(
        Blocks, static block => Assert.Contains(block.Marker, (string[])[DocumentCommands.Run, DocumentCommands.Serves, RunArm64, .. DocumentCommands.Needs]));

    [Fact]
    public async Task Its_commands_make_a_package_and_a_function_that_answers()
    {
        Assert.SkipUnless(LambdaArchitecture.Host == LambdaArchitecture.X64, "the page packs for x86_64");
        PostgresServer server = await postgres.GetServerAsync();
        // Where the page has a bundle of RDS fetched, a name that no Region has stands in: nobody's file may be overwritten.
        string region = $"test-{Guid.NewGuid():N}", bundle = Path.Combine(Repository.Root, "certificates", $"{region}-bundle.pem");
        Directory.CreateDirectory(Path.GetDirectoryName(bundle)!);
        File.Copy(FunctionPackage.Authority(server), bundle);
        try
        {
            foreach (CommandBlock block in Blocks.Where(static block => block.Marker is DocumentCommands.Run or DocumentCommands.Serves))
            {
                if (block.Marker == DocumentCommands.Run) await RunAsync(block, region);
                else await ServeAsync(block, region);
            }
        }
        finally
        {
            File.Delete(bundle);
        }
    }

    private static async Task RunAsync(CommandBlock block, string region)
    {
        using Process process = Process.Start(Shell(block, region))!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{Document}:{block.Line} ended with {process.ExitCode}: {output}{await errors}");
    }

    /// <summary>Waits for the function URL, calls it, and ends the program as Ctrl-C does.</summary>
    private static async Task ServeAsync(CommandBlock block, string region)
    {
        // Ports of their own, and exec so that the signal reaches the program: the rest is as it stands there.
        string text = $"exec {block.Text.TrimEnd()} --port 0 --dashboard-port 0 --env PATH=\"$PATH\"\n";
        await using EmulatorProcess emulator = await EmulatorProcess.ReadyAsync(EmulatorProcess.Of(Shell(block with { Text = text }, region)));
        using var client = new HttpClient { Timeout = LambdaFixtures.Guard };
        using HttpResponseMessage answer = await client.GetAsync(new Uri(emulator.FunctionUrl, "/products/none"));
        Assert.Equal(System.Net.HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("There is no product with this id.", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        emulator.Signal(PosixSignal.SIGINT);
        Assert.Equal(0, (await emulator.WaitAsync()).ExitCode);
    }

    private static ProcessStartInfo Shell(CommandBlock block, string region)
    {
        var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", block.Text]) { WorkingDirectory = Repository.Root, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["REGION"] = region;
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        return start;
    }
}
