using System.Diagnostics;

namespace NativeLambda.Packaging.Publishing;

/// <summary>Runs <c>dotnet publish</c>. What it writes goes to standard error.</summary>
internal static class DotnetPublish
{
    /// <exception cref="PackageException">It failed, or the compiler warned.</exception>
    public static async Task RunAsync(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true };
        // No server of the build may outlive it: it would keep our end of its output open.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment["DOTNET_NOLOGO"] = "1";
        using Process publish = Process.Start(start)!;
        bool warned = false, otherPackages = false;
        while (await publish.StandardOutput.ReadLineAsync() is { } line)
        {
            warned |= line.Contains(": warning ", StringComparison.Ordinal);
            otherPackages |= line.Contains("error NU1004", StringComparison.Ordinal) || line.Contains("error NU1403", StringComparison.Ordinal);
            await Console.Error.WriteLineAsync(line);
        }
        await publish.WaitForExitAsync();
        if (otherPackages)
            throw PackageException.ForProgram("this SDK wants other packages than the lock files name, such as another patch of its compiler: look at that, and give --unlocked to write them anew");
        if (publish.ExitCode != 0) throw PackageException.ForProgram($"dotnet publish ended with {publish.ExitCode}: its output is above");
        if (warned) throw PackageException.ForProgram("the compiler warned: its warning is above");
    }
}
