using System.Buffers.Binary;
using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace NativeLambda.Emulator.Environments;

/// <summary>
/// Whether the loader finds what an executable needs. Without it the process would end with exit code 127 in every Init, and say why
/// in a line of the log only.
/// </summary>
internal static partial class SharedLibraries
{
    private const int ProgramHeadersOffset = 32; // e_phoff of a 64-bit ELF file
    private const int ProgramHeaderSize = 56;
    private const uint Interpreter = 3; // PT_INTERP
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Asks the executable's own loader, which loads the libraries and runs none of their code.</summary>
    /// <param name="path">The bootstrap, an ELF file for this machine.</param>
    /// <param name="libraryPath">The LD_LIBRARY_PATH that the function has.</param>
    /// <exception cref="BootstrapException">The loader or a library is not there, or is too old.</exception>
    public static void Check(string path, string libraryPath)
    {
        byte[] head = new byte[4096];
        using (FileStream file = File.OpenRead(path)) head = head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        if (ReadInterpreter(head) is not { } loader) return; // a script, or linked statically
        if (!File.Exists(loader)) throw new BootstrapException(DescribeLoader(path, loader));
        if (loader.Contains("musl", StringComparison.Ordinal)) return; // its loader cannot be asked
        if (Run(loader, path, libraryPath) is { } complaint) throw new BootstrapException($"{path} {complaint}");
    }

    /// <summary>The program that loads the executable, as its program headers say; nothing where there is none in the first bytes.</summary>
    internal static string? ReadInterpreter(ReadOnlySpan<byte> head)
    {
        if (head.Length < 64 || !head.StartsWith("\u007fELF"u8) || head[4] != 2) return null;
        ulong offset = BinaryPrimitives.ReadUInt64LittleEndian(head[ProgramHeadersOffset..]);
        ushort count = BinaryPrimitives.ReadUInt16LittleEndian(head[56..]);
        for (int index = 0; index < count; index++)
        {
            ulong at = offset + (ulong)(index * ProgramHeaderSize);
            if (at + ProgramHeaderSize > (ulong)head.Length) return null;
            ReadOnlySpan<byte> header = head.Slice((int)at, ProgramHeaderSize);
            if (BinaryPrimitives.ReadUInt32LittleEndian(header) != Interpreter) continue;
            ulong start = BinaryPrimitives.ReadUInt64LittleEndian(header[8..]), size = BinaryPrimitives.ReadUInt64LittleEndian(header[32..]);
            if (size is 0 or > 4096 || start > (ulong)head.Length - size) return null;
            return Encoding.UTF8.GetString(head.Slice((int)start, (int)size)).TrimEnd('\0');
        }
        return null;
    }

    internal static string DescribeLoader(string path, string loader) => loader.Contains("musl", StringComparison.Ordinal)
        ? $"{path} is built for musl (Alpine): its loader {loader} is neither here nor on provided.al2023, which has glibc: publish it for linux-x64 or linux-arm64, not linux-musl"
        : $"{path} needs the loader {loader}, which does not exist here";

    /// <summary>What the loader finds wanting, in words that continue the path.</summary>
    internal static string? ReadComplaint(string output, string errors)
    {
        string[] missing = [.. MissingPattern().Matches(output).Select(static match => match.Groups[1].Value).Distinct()];
        if (missing.Length > 0)
            return $"needs {string.Join(", ", missing)}, which the loader does not find: install it, or put it beside the bootstrap or into its folder lib";
        Match version = VersionPattern().Match(output + errors);
        return version.Success
            ? $"needs {version.Groups[2].Value} of {version.Groups[1].Value}, which is older here: build it on an older system (provided.al2023 has glibc 2.34)"
            : null;
    }

    private static string? Run(string loader, string path, string libraryPath)
    {
        var start = new ProcessStartInfo(loader, [path]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Clear();
        start.Environment["LD_LIBRARY_PATH"] = libraryPath;
        start.Environment["LD_TRACE_LOADED_OBJECTS"] = "1"; // as ldd does: list, and run nothing. --list would end at the first that is missing
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            if (!process.WaitForExit(Patience)) process.Kill();
            return ReadComplaint(output.GetAwaiter().GetResult(), errors.GetAwaiter().GetResult());
        }
        catch (Win32Exception exception)
        {
            return $"has the loader {loader}, which cannot be run: {exception.Message}";
        }
    }

    [GeneratedRegex(@"^\s*(\S+) => not found", RegexOptions.Multiline)]
    private static partial Regex MissingPattern();

    // …/bootstrap: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found (required by …)
    [GeneratedRegex(@"(\S+): version `([^']+)' not found")]
    private static partial Regex VersionPattern();
}
