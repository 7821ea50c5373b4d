using System.ComponentModel;
using System.Diagnostics;

namespace NativeLambda.Trials.Overhead;

/// <summary>The smallest function that can be: a C program that answers every event with itself, compiled where it is needed.</summary>
internal static class EchoFunction
{
    private static readonly string[] Compilers = ["cc", "gcc", "clang"];

    /// <summary>Compiles the function into a directory.</summary>
    /// <returns>The bootstrap; nothing where the machine has no C compiler.</returns>
    /// <exception cref="InvalidOperationException">The compiler refuses it.</exception>
    public static async Task<string?> CompileAsync(string directory, CancellationToken cancellationToken)
    {
        string source = Path.Combine(directory, "echo.c"), bootstrap = Path.Combine(directory, "bootstrap");
        await using (Stream code = typeof(EchoFunction).Assembly.GetManifestResourceStream("echo.c")!)
        await using (FileStream file = File.Create(source))
            await code.CopyToAsync(file, cancellationToken);
        foreach (string compiler in Compilers)
        {
            if (Start(compiler, "-O2", "-o", bootstrap, source) is not { } process) continue;
            using (process)
            {
                string complaint = await process.StandardError.ReadToEndAsync(cancellationToken);
                await process.WaitForExitAsync(cancellationToken);
                return process.ExitCode == 0 ? bootstrap : throw new InvalidOperationException($"{compiler} does not compile the echo function: {complaint}");
            }
        }

        return null;
    }

    private static Process? Start(string program, params string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true });
        }
        catch (Win32Exception)
        {
            return null; // it is not installed: the next one may be
        }
    }
}
