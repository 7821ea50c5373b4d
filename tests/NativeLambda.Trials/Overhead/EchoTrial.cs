using System.CommandLine;
using NativeLambda.Emulator;
using NativeLambda.Emulator.Sandboxing;

namespace NativeLambda.Trials.Overhead;

/// <summary>Runs a trial of the echo function, and tells what stands in its way.</summary>
internal static class EchoTrial
{
    /// <summary>Compiles the function, runs the trial and clears up.</summary>
    /// <param name="name">The command's name, for messages.</param>
    /// <param name="bootstrap">A compiled function, where the user has named one.</param>
    /// <param name="withoutCompiler">What to do where there is no compiler.</param>
    /// <param name="console">Where messages go.</param>
    /// <param name="runAsync">The trial: it gets the bootstrap and returns the exit code.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The exit code: that of the trial; 2 when it could not be run, 3 without a compiler, 130 when it was ended.</returns>
    public static async Task<int> RunAsync(
        string name, FileInfo? bootstrap, string withoutCompiler, InvocationConfiguration console, Func<string, Task<int>> runAsync, CancellationToken cancellationToken)
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory($"{name}-");
        try
        {
            if ((bootstrap?.FullName ?? await EchoFunction.CompileAsync(directory.FullName, cancellationToken)) is { } echo) return await runAsync(echo);
            await console.Error.WriteLineAsync($"{name}: there is no C compiler for the echo function (cc, gcc or clang): {withoutCompiler}");
            return 3;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return 130;
        }
        catch (Exception exception) when (exception is BootstrapException or InitFailedException or SandboxException or InvalidOperationException)
        {
            await console.Error.WriteLineAsync($"{name}: {exception.Message}");
            return 2;
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
