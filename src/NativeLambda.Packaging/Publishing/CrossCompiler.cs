namespace NativeLambda.Packaging.Publishing;

/// <summary>Compiling for another architecture than this machine's, with GNU tools for that one.</summary>
internal static class CrossCompiler
{
    /// <summary>What <c>dotnet publish</c> must be told; nothing for this machine's own architecture.</summary>
    /// <exception cref="PackageException">The tools are not here.</exception>
    public static IReadOnlyList<string> Arguments(string root, LambdaArchitecture architecture)
    {
        if (architecture == LambdaArchitecture.Host) return [];
        string triple = architecture == LambdaArchitecture.Arm64 ? "aarch64-linux-gnu" : "x86_64-linux-gnu";
        foreach (string tool in (string[])[$"{triple}-gcc", $"{triple}-objcopy"])
            if (!IsOnPath(tool))
                throw PackageException.ForProgram(
                    $"{tool} is missing: {architecture.Name} on this machine takes a cross compiler (Debian: gcc-{triple.Replace('_', '-')} and the libc6-dev package for it), or Dockerfile.aot with --platform");
        return
        [
            // .NET takes any compiler for clang, which GNU's is not: see the script.
            $"-p:CppCompilerAndLinker={Path.Combine(root, "build", "lib", "cross-gcc")}",
            $"-p:ObjCopyName={triple}-objcopy",
        ];
    }

    private static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));
}
