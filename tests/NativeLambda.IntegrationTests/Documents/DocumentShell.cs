using System.Diagnostics;
using System.Runtime.InteropServices;
using NativeLambda.IntegrationTests.Emulator;
using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Documents;

/// <summary>Runs the commands of a document as a reader's shell would, but so that the first failure is one.</summary>
internal static class DocumentShell
{
    /// <summary>A build on a machine that does much besides takes minutes; what takes longer than this hangs.</summary>
    private static readonly TimeSpan Guard = TimeSpan.FromMinutes(10);

    /// <summary>Runs a block to its end, which must be a good one.</summary>
    public static async Task RunAsync(string document, CommandBlock block, params (string Name, string Value)[] variables) =>
        await RunAsync(document, block, Repository.Root, variables);

    /// <inheritdoc cref="RunAsync(string, CommandBlock, ValueTuple{string, string}[])"/>
    public static async Task RunAsync(string document, CommandBlock block, string folder, params (string Name, string Value)[] variables)
    {
        using Process process = Process.Start(Shell(block, folder, variables))!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(Guard);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }

        Assert.True(process.ExitCode == 0, $"{document}:{block.Line} ended with {process.ExitCode}: {await output}{await errors}");
    }

    /// <summary>Waits for the function URL, calls it, and ends the program as Ctrl-C does.</summary>
    public static async Task ServeAsync(CommandBlock block, params (string Name, string Value)[] variables)
    {
        // Ports of their own, and exec so that the signal reaches the program: the rest is as it stands there.
        string text = $"exec {block.Text.TrimEnd()} --port 0 --dashboard-port 0 --env PATH=\"$PATH\"\n";
        await using EmulatorProcess emulator = await EmulatorProcess.ReadyAsync(EmulatorProcess.Of(Shell(block with { Text = text }, Repository.Root, variables)));
        using var client = new HttpClient { Timeout = LambdaFixtures.Guard };
        using HttpResponseMessage answer = await client.GetAsync(new Uri(emulator.FunctionUrl, "/products/none"));
        Assert.Equal(System.Net.HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("There is no product with this id.", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        emulator.Signal(PosixSignal.SIGINT);
        Assert.Equal(0, (await emulator.WaitAsync()).ExitCode);
    }

    private static ProcessStartInfo Shell(CommandBlock block, string folder, (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", block.Text]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in variables)
            start.Environment[name] = value;
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        return start;
    }
}
