namespace NativeLambda.Packaging.Elf;

/// <summary>Whether a program runs on <c>provided.al2023</c>.</summary>
internal static class AmazonLinux
{
    /// <summary>The C library of Amazon Linux 2023: https://docs.aws.amazon.com/linux/al2023/ug/compare-with-al2.html.</summary>
    public static readonly Version Glibc = new(2, 34);

    // The C library's own. All else is loaded at run time, by the name that Amazon Linux 2023 has it under.
    private static readonly string[] Libraries = ["libc.so.6", "libm.so.6"];

    // OpenSSL 3, which the image has. Any other is tried only where this one is missing.
    private const string OpenSsl = "libssl.so.3";

    // The image has no ICU; a program that names it has been published without InvariantGlobalization.
    private const string Icu = "libicuuc";

    /// <summary>All that keeps the program from running there, or from being the same wherever it was built.</summary>
    /// <param name="image">The program.</param>
    /// <param name="architecture">The function's.</param>
    /// <param name="privateTexts">Texts of this machine that it must not hold, such as the folder of the clone.</param>
    public static IEnumerable<string> Objections(ElfImage image, LambdaArchitecture architecture, IReadOnlyCollection<string> privateTexts)
    {
        if (image.Machine != architecture.ElfMachine)
            yield return $"it is for another machine (ELF machine {image.Machine}) than {architecture.Name} ({architecture.ElfMachine})";
        if (image.Interpreter != architecture.Loader)
            yield return $"its loader is {image.Interpreter ?? "missing"}, not {architecture.Loader}";
        foreach (string library in image.NeededLibraries)
            if (!Libraries.Contains(library) && library != Path.GetFileName(architecture.Loader)) yield return $"it needs {library}, which Amazon Linux 2023 may not have";
        foreach (string path in image.SearchPaths) yield return $"it looks for libraries in {path}";
        if (image.NeededVersions.Select(GlibcVersion).Max() is { } newest && newest > Glibc)
            yield return $"it needs glibc {newest}, Amazon Linux 2023 has {Glibc}: build it on an older Linux, or by Dockerfile.aot";
        if (!image.IsStripped) yield return "its symbols have not been stripped (StripSymbols)";
        if (!image.Holds(OpenSsl)) yield return $"it does not know {OpenSsl}, the OpenSSL of Amazon Linux 2023";
        if (image.Holds(Icu)) yield return "it looks for ICU, which Amazon Linux 2023 does not have (InvariantGlobalization)";
        foreach (string text in privateTexts.Where(image.Holds)) yield return $"it holds a path of this machine: {text}";
    }

    private static Version? GlibcVersion(string name) =>
        name.StartsWith("GLIBC_", StringComparison.Ordinal) && Version.TryParse(name["GLIBC_".Length..], out Version? version) ? version : null;
}
