using NativeLambda.IntegrationTests.Fixtures;
using NativeLambda.Packaging;

namespace NativeLambda.IntegrationTests.Packaging;

/// <summary>The package for arm64, compiled on this machine, whatever it is.</summary>
[Collection(PackagingGroup.Name)]
public sealed class Arm64PackageTests(FunctionPackage package, PostgresFixture postgres)
{
    private static readonly string Libraries = Path.Combine(Repository.Root, "artifacts", "arm64");

    [Fact]
    public async Task Run_on_an_arm64_processor_or_an_emulated_one_it_answers_from_the_database()
    {
        bool emulated = LambdaArchitecture.Host != LambdaArchitecture.Arm64;
        Assert.SkipUnless(!emulated || IsOnPath("aarch64-linux-gnu-gcc"), "aarch64-linux-gnu-gcc is not here: arm64 is compiled by Dockerfile.aot (build/lib/package.sh)");
        Assert.SkipUnless(!emulated || IsOnPath("qemu-aarch64"), "qemu-aarch64 is not here (build/lib/arm64.sh)");
        Assert.SkipUnless(!emulated || File.Exists(Path.Combine(Libraries, "libssl.so.3")), $"OpenSSL for arm64 is not in {Libraries} (build/lib/arm64.sh)");
        string folder = await package.UnpackAsync("arm64", await postgres.GetServerAsync());
        string? run = emulated ? await WriteRunnerAsync(folder) : null;
        await PackedFunction.AnswersAsync(folder, postgres, run);
    }

    /// <summary>A script that runs bootstrap by an emulator of the processor, with the libraries of Lambda's image.</summary>
    private static async Task<string> WriteRunnerAsync(string folder)
    {
        string script = Path.Combine(folder, "run");
        await File.WriteAllTextAsync(script, $"#!/bin/sh\nexec {PathOf("qemu-aarch64")} -L /usr/aarch64-linux-gnu -E LD_LIBRARY_PATH={Libraries} {folder}/bootstrap\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute);
        return script;
    }

    private static bool IsOnPath(string program) => PathOf(program) is not null;

    private static string? PathOf(string program) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
