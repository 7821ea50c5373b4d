using System.Buffers.Binary;
using System.Runtime.InteropServices;
using NativeLambda.Emulator.Processes;

namespace NativeLambda.Emulator.Environments;

/// <summary>Says before anything is started whether a file can be a bootstrap on this machine.</summary>
internal static class BootstrapFile
{
    private const int ExecuteAccess = 1; // X_OK
    private const int HeaderLength = 20;
    private const ushort MachineX64 = 62; // EM_X86_64
    private const ushort MachineArm64 = 183; // EM_AARCH64

    /// <summary>Checks a function's bootstrap with all that it needs on this machine.</summary>
    /// <exception cref="BootstrapException">It cannot run.</exception>
    public static void Check(FunctionSettings function)
    {
        Check(function.Bootstrap);
        IReadOnlyDictionary<string, string> variables = function.EnvironmentVariables("", "", "");
        ScriptInterpreter.Check(function.Bootstrap, variables["PATH"]);
        SharedLibraries.Check(function.Bootstrap, variables["LD_LIBRARY_PATH"]);
    }

    /// <summary>Why a file that was a bootstrap once cannot be started now; nothing when it can.</summary>
    public static string? WhyNotStarted(string path) =>
        !File.Exists(path) ? "no such file or directory" : NativeMethods.Access(path, ExecuteAccess) == 0 ? null : "permission denied";

    /// <exception cref="BootstrapException">It cannot.</exception>
    public static void Check(string path)
    {
        if (Directory.Exists(path)) throw new BootstrapException($"{path} is a directory: name the bootstrap file in it");
        if (!File.Exists(path)) throw new BootstrapException($"{path} does not exist: build or publish the function first");
        if (NativeMethods.Access(path, ExecuteAccess) != 0) throw new BootstrapException($"{path} is not executable: chmod +x {path}");
        Span<byte> header = stackalloc byte[HeaderLength];
        using FileStream file = File.OpenRead(path);
        int count = file.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false);
        CheckHeader(path, header[..count], RuntimeInformation.OSArchitecture);
    }

    /// <summary>Looks at the first bytes: a script, or an ELF file for the machine's architecture.</summary>
    internal static void CheckHeader(string path, ReadOnlySpan<byte> header, Architecture machine)
    {
        if (header.StartsWith("#!"u8)) return;
        if (header.Length < HeaderLength || !header.StartsWith("\u007fELF"u8))
            throw new BootstrapException($"{path} is neither a Linux executable (ELF) nor a script that begins with #!");
        ushort made = BinaryPrimitives.ReadUInt16LittleEndian(header[18..]);
        (ushort wanted, string runtime) = machine == Architecture.Arm64 ? (MachineArm64, "linux-arm64") : (MachineX64, "linux-x64");
        if (made != wanted)
            throw new BootstrapException($"{path} is made for {NameOf(made)}, this machine is {NameOf(wanted)}: publish it for {runtime}");
    }

    private static string NameOf(ushort machine) => machine switch
    {
        MachineX64 => "x86_64",
        MachineArm64 => "arm64",
        3 => "32-bit x86",
        40 => "32-bit ARM",
        _ => $"another architecture (ELF machine {machine})",
    };
}
