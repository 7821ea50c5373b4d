using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using NativeLambda.IntegrationTests.Emulator;
using NativeLambda.IntegrationTests.Fixtures;
using static NativeLambda.IntegrationTests.Emulator.LambdaFixtures;

namespace NativeLambda.IntegrationTests.Packaging;

/// <summary>The emulator as people get it: packed, installed by <c>dotnet tool install</c> from a folder, and run.</summary>
public sealed class ToolPackageTests(ToolPackage package) : IClassFixture<ToolPackage>
{
    [Fact]
    public async Task It_installs_from_a_folder_and_runs_a_function()
    {
        string tools = await package.InstallAsync(), program = Path.Combine(tools, "lambda-emulator");
        Assert.Matches(@"^\d+\.\d+\.\d+\S*\n$", await Tool.RunAsync(program, "--version"));
        string help = await Tool.RunAsync(program, "run", "--help");
        Assert.Contains("lambda-emulator run publish/bootstrap --provisioned 3", help, StringComparison.Ordinal);
        await using EmulatorProcess emulator = await EmulatorProcess.ReadyAsync(EmulatorProcess.StartProgram(
            program, Obedient, "--port", "0", "--env", $"PATH={Environment.GetEnvironmentVariable("PATH")}"));
        using var client = new HttpClient();
        Assert.Contains("\"invocations\":1", await client.GetStringAsync(emulator.FunctionUrl).Guarded(), StringComparison.Ordinal);
        emulator.Signal(System.Runtime.InteropServices.PosixSignal.SIGTERM);
        Assert.Equal((0, ""), await emulator.WaitAsync());
    }

    [Fact]
    public async Task The_package_has_read_me_licence_and_no_path_of_this_machine()
    {
        string file = Assert.Single(Directory.GetFiles(package.Feed, "*.nupkg"));
        Assert.StartsWith("NativeLambda.Emulator.", Path.GetFileName(file), StringComparison.Ordinal);
        using ZipArchive archive = await ZipFile.OpenReadAsync(file, TestContext.Current.CancellationToken);
        Assert.Contains(archive.Entries, entry => entry.FullName == "README.md");
        Assert.Contains(archive.Entries, entry => entry.FullName == "LICENSE");
        foreach (ZipArchiveEntry entry in archive.Entries)
        {
            using var content = new MemoryStream();
            await using (Stream stream = await entry.OpenAsync(TestContext.Current.CancellationToken)) await stream.CopyToAsync(content);
            foreach (Encoding encoding in (Encoding[])[Encoding.UTF8, Encoding.Unicode])
                Assert.True(content.ToArray().AsSpan().IndexOf(encoding.GetBytes(Repository.Root)) < 0, $"{entry.FullName} names {Repository.Root}");
            string? source = entry.Name switch
            {
                "lambda-emulator.dll" => "/_/src/NativeLambda.Emulator/Program.cs",
                "NativeLambda.Payloads.dll" => "/_/src/NativeLambda.Payloads/ProxyEvent.cs",
                _ => null,
            };
            if (source is null) continue;
            // Its symbols are compressed within: the look at the bytes does not see them.
            string[] sources = [.. SourcesIn(content)];
            Assert.Contains(source, sources);
            Assert.DoesNotContain(sources, source => source.StartsWith(Repository.Root, StringComparison.Ordinal));
        }
    }

    /// <summary>The source files that the symbols of an assembly name.</summary>
    private static List<string> SourcesIn(MemoryStream assembly)
    {
        assembly.Position = 0;
        using var reader = new PEReader(assembly);
        DebugDirectoryEntry entry = reader.ReadDebugDirectory().Single(static entry => entry.Type == DebugDirectoryEntryType.EmbeddedPortablePdb);
        using MetadataReaderProvider provider = reader.ReadEmbeddedPortablePdbDebugDirectoryData(entry);
        MetadataReader symbols = provider.GetMetadataReader();
        return [.. symbols.Documents.Select(document => symbols.GetString(symbols.GetDocument(document).Name))];
    }
}
