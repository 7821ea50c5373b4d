using System.Diagnostics;
using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Packaging;

/// <summary>
/// The steps of Dockerfile.aot without Docker: a folder with what it copies and nothing else, git's among it, and its command in there.
/// </summary>
internal static class ContainerSteps
{
    /// <summary>Runs them.</summary>
    /// <param name="architecture">As the image of the build tools says it.</param>
    /// <param name="options">The argument PACKAGE_OPTIONS.</param>
    /// <returns>The folder that the zip stage copies.</returns>
    public static async Task<string> RunAsync(string architecture, string options)
    {
        // Of another length than the clone's, and always the same one: what has been compiled there stays, files keep their times.
        string folder = Path.Combine(Repository.Root, "artifacts", "elsewhere", "as-in-a-container");
        Directory.CreateDirectory(folder);
        foreach (string old in Directory.GetFileSystemEntries(folder).Where(static entry => Path.GetFileName(entry) != "artifacts"))
        {
            if (Directory.Exists(old)) Directory.Delete(old, recursive: true);
            else File.Delete(old);
        }
        foreach ((string[] sources, string target) in Dockerfile.Shipped.CopiedFiles("build"))
            foreach (string source in sources.Where(static source => !source.EndsWith('*')))
                await Tool.RunAsync("cp", "-pR", "--", Path.Combine(Repository.Root, source), CreateParent(folder, sources.Length > 1 ? Path.Combine(target, Path.GetFileName(source)) : target));
        // .dockerignore's
        foreach (string built in Directory.GetDirectories(Path.Combine(folder, "src"), "*", SearchOption.AllDirectories).Where(static name => Path.GetFileName(name) is "bin" or "obj"))
            if (Directory.Exists(built)) Directory.Delete(built, recursive: true);

        DockerInstruction run = Dockerfile.Shipped.Of("RUN", "build").Single(static run => run.Words[0] == "build/package");
        var start = new ProcessStartInfo("sh", ["-euc", run.Rest]) { WorkingDirectory = folder, RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["LAMBDA_ARCHITECTURE"] = architecture;
        start.Environment["PACKAGE_OPTIONS"] = options;
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? Path.Combine(folder, "out") : throw new InvalidOperationException($"{run.Rest} ended with {process.ExitCode}: {output}{await errors}");
    }

    private static string CreateParent(string folder, string target)
    {
        string path = Path.GetFullPath(Path.Combine(folder, target));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }
}
