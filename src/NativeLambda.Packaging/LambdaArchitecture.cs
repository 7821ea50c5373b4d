using System.Runtime.InteropServices;

namespace NativeLambda.Packaging;

/// <summary>An architecture of Lambda, and what else it is called.</summary>
/// <param name="Name">As Lambda and <c>dotnet lambda</c> call it.</param>
/// <param name="RuntimeIdentifier">As .NET calls it.</param>
/// <param name="ElfMachine"><c>e_machine</c> of its executables.</param>
/// <param name="Loader">The loader of the C library, which executables name.</param>
internal sealed record LambdaArchitecture(string Name, string RuntimeIdentifier, ushort ElfMachine, string Loader)
{
    public static LambdaArchitecture X64 { get; } = new("x86_64", "linux-x64", 62, "/lib64/ld-linux-x86-64.so.2");

    public static LambdaArchitecture Arm64 { get; } = new("arm64", "linux-arm64", 183, "/lib/ld-linux-aarch64.so.1");

    public static IReadOnlyList<LambdaArchitecture> All { get; } = [X64, Arm64];

    /// <summary>That of this machine.</summary>
    public static LambdaArchitecture Host => RuntimeInformation.OSArchitecture == Architecture.Arm64 ? Arm64 : X64;

    /// <exception cref="PackageException">There is no such architecture.</exception>
    public static LambdaArchitecture Parse(string name) => All.FirstOrDefault(architecture => architecture.Name == name)
        ?? throw PackageException.ForInput($"--arch {name}: one of {string.Join(", ", All.Select(static architecture => architecture.Name))} is expected");
}
