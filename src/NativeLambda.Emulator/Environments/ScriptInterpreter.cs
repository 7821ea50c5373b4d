using System.Text;

namespace NativeLambda.Emulator.Environments;

/// <summary>What is to run a script: the first line says, and the kernel and <c>env</c> only say "no such file" of a bootstrap that is there.</summary>
internal static class ScriptInterpreter
{
    private const int LongestLine = 256; // the kernel's limit

    /// <summary>Checks the first line of a bootstrap that is a script.</summary>
    /// <param name="path">The bootstrap.</param>
    /// <param name="searchPath">The PATH that the function has.</param>
    /// <exception cref="BootstrapException">Its interpreter is not there.</exception>
    public static void Check(string path, string searchPath)
    {
        using FileStream file = File.OpenRead(path);
        Span<byte> start = stackalloc byte[LongestLine];
        start = start[..file.ReadAtLeast(start, LongestLine, throwOnEndOfStream: false)];
        if (start.StartsWith("#!"u8)) CheckLine(path, Encoding.UTF8.GetString(start).Split('\n')[0], searchPath, File.Exists);
    }

    internal static void CheckLine(string path, string line, string searchPath, Func<string, bool> exists)
    {
        if (line.EndsWith('\r'))
            throw new BootstrapException($"{path} has the line ends of Windows: its interpreter would be \"{line[2..^1].Trim()}\\r\"; convert it (dos2unix, or sed -i 's/\\r$//')");
        string[] words = line[2..].Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0) throw new BootstrapException($"{path} begins with #! but names no interpreter");
        if (!exists(words[0])) throw new BootstrapException($"{path} is a script for {words[0]}, which does not exist here");
        if (Path.GetFileName(words[0]) != "env") return;
        // env [-S] [NAME=VALUE]… program: what comes first that is neither.
        string? program = words.Skip(1).FirstOrDefault(static word => word[0] != '-' && !word.Contains('=', StringComparison.Ordinal));
        if (program is null || program.Contains('/', StringComparison.Ordinal)) return;
        if (!searchPath.Split(':').Any(folder => exists(Path.Combine(folder, program))))
            throw new BootstrapException($"{path} is a script for {program}, which is not on the function's PATH ({searchPath}): install it there, or set PATH by --env");
    }
}
