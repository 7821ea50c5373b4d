using NativeLambda.IntegrationTests.Fixtures;
using NativeLambda.Packaging;
using NativeLambda.Packaging.Elf;

namespace NativeLambda.IntegrationTests.Packaging;

/// <summary>What is told of programs that would not run on Amazon Linux 2023, or not everywhere alike: of real ones.</summary>
public sealed class ProgramCheckTests(BootstrapFixture bootstrap) : IDisposable
{
    // What every program of these tests has that bootstrap has, too.
    private const string OpenSsl = "const char *openssl = \"libssl.so.3\";\n";

    private readonly string _directory = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task There_is_nothing_to_say_of_bootstrap()
    {
        var image = new ElfImage(await File.ReadAllBytesAsync(await bootstrap.GetPathAsync()));
        Assert.Empty(AmazonLinux.Objections(image, LambdaArchitecture.Host, []));
        Assert.Contains("GLIBC_2.34", image.NeededVersions);
        Assert.Contains("libc.so.6", image.NeededLibraries);
    }

    [Fact]
    public async Task There_is_nothing_to_say_of_the_least_program() => Assert.Empty(await ObjectionsAsync("int main(void) { return 0; }"));

    [Fact]
    public async Task A_library_that_the_image_may_not_have_is_found() =>
        Assert.Equal(["it needs libresolv.so.2, which Amazon Linux 2023 may not have"], await ObjectionsAsync("int main(void) { return 0; }", "-Wl,--no-as-needed", "-lresolv"));

    [Fact]
    public async Task A_symbol_of_a_newer_C_library_is_found()
    {
        string source = "unsigned arc4random(void);\nint main(void) { return arc4random() > 1; }";
        Assert.SkipUnless(await CompilesAsync(source), "this C library has no arc4random (glibc 2.36)");
        Assert.Equal(["it needs glibc 2.36, Amazon Linux 2023 has 2.34: build it on an older Linux, or by Dockerfile.aot"], await ObjectionsAsync(source));
    }

    [Fact]
    public async Task A_search_path_is_found() =>
        Assert.Equal(["it looks for libraries in /opt/mine"], await ObjectionsAsync("int main(void) { return 0; }", "-Wl,-rpath,/opt/mine"));

    [Fact]
    public async Task A_path_of_this_machine_is_found() =>
        Assert.Equal([$"it holds a path of this machine: {_directory}"], await ObjectionsAsync($"const char *path = \"{_directory}/x\";\nint main(void) {{ return 0; }}"));

    [Fact]
    public async Task Symbols_are_found() =>
        Assert.Equal(["its symbols have not been stripped (StripSymbols)"], await ObjectionsAsync("int main(void) { return 0; }", strip: false));

    [Fact]
    public async Task A_program_that_looks_for_ICU_is_found() =>
        Assert.Equal(["it looks for ICU, which Amazon Linux 2023 does not have (InvariantGlobalization)"], await ObjectionsAsync("const char *icu = \"libicuuc\";\nint main(void) { return 0; }"));

    [Fact]
    public async Task A_static_program_and_one_for_another_machine_are_found()
    {
        LambdaArchitecture other = LambdaArchitecture.All.Single(static architecture => architecture != LambdaArchitecture.Host);
        string program = await CompileAsync(OpenSsl + "int main(void) { return 0; }", ["-s"]);
        string[] objections = [.. AmazonLinux.Objections(new ElfImage(await File.ReadAllBytesAsync(program)), other, [])];
        Assert.Contains(objections, objection => objection.StartsWith("it is for another machine", StringComparison.Ordinal));
        Assert.Contains(objections, objection => objection.EndsWith($", not {other.Loader}", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_no_program_is_refused_wherever_it_ends()
    {
        byte[] whole = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "nativelambda-package"));
        Assert.Throws<PackageException>(static () => new ElfImage("#!/bin/sh\n"u8.ToArray()));
        foreach (int length in (int[])[0, 4, 63, 64, 100, 1_000, whole.Length / 2])
            Assert.Equal(PackageException.BadProgram, Assert.Throws<PackageException>(() => new ElfImage(whole[..length])).ExitCode);
    }

    private async Task<string[]> ObjectionsAsync(string source, params string[] options) => await ObjectionsAsync(source, strip: true, options);

    private async Task<string[]> ObjectionsAsync(string source, bool strip, params string[] options)
    {
        string program = await CompileAsync(OpenSsl + source, strip ? ["-s", .. options] : options);
        return [.. AmazonLinux.Objections(new ElfImage(await File.ReadAllBytesAsync(program)), LambdaArchitecture.Host, [_directory])];
    }

    private async Task<bool> CompilesAsync(string source)
    {
        try
        {
            await CompileAsync(source, []);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private async Task<string> CompileAsync(string source, string[] options)
    {
        string file = Path.Combine(_directory, "program.c"), program = Path.Combine(_directory, "program");
        await File.WriteAllTextAsync(file, source);
        await Tool.RunAsync("gcc", ["-w", "-o", program, file, .. options]);
        return program;
    }
}
