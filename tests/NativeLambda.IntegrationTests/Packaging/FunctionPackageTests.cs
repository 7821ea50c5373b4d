using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using NativeLambda.Emulator.Postgres;
using NativeLambda.IntegrationTests.Fixtures;
using NativeLambda.Packaging;

namespace NativeLambda.IntegrationTests.Packaging;

/// <summary>The package that is deployed.</summary>
[Collection(PackagingGroup.Name)]
public sealed class FunctionPackageTests(FunctionPackage package, PostgresFixture postgres)
{
    [Fact]
    public async Task It_holds_the_program_the_authorities_and_no_more_than_the_function_reads()
    {
        PostgresServer server = await postgres.GetServerAsync();
        string zip = await package.MakeAsync(LambdaArchitecture.Host.Name, server);
        using ZipArchive archive = await ZipFile.OpenReadAsync(zip, TestContext.Current.CancellationToken);
        string authority = Path.GetFileName(FunctionPackage.Authority(server));
        Assert.Equal(new[] { "bootstrap", authority, "schema.sql" }.Order(StringComparer.Ordinal), archive.Entries.Select(entry => entry.FullName));
        Assert.Equal(await File.ReadAllBytesAsync(FunctionPackage.Authority(server), TestContext.Current.CancellationToken), await ReadAsync(archive.GetEntry(authority)!));
        Assert.InRange(new FileInfo(zip).Length, 1, 4 * 1024 * 1024);
        string sum = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(zip, TestContext.Current.CancellationToken)));
        Assert.Equal($"{sum}  {Path.GetFileName(zip)}\n", await File.ReadAllTextAsync($"{zip}.sha256", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task By_the_steps_of_the_Dockerfile_in_another_folder_that_git_does_not_know_it_is_the_same_to_the_byte()
    {
        PostgresServer server = await postgres.GetServerAsync();
        string architecture = LambdaArchitecture.Host.Name, zip = await package.MakeAsync(architecture, server);
        string there = await ContainerSteps.RunAsync(architecture, $"--ca-bundle {FunctionPackage.Authority(server)}");
        foreach (string file in Directory.GetFiles(Path.GetDirectoryName(zip)!, $"bootstrap-{architecture}.*"))
        {
            byte[] one = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
            byte[] other = await File.ReadAllBytesAsync(Path.Combine(there, Path.GetFileName(file)), TestContext.Current.CancellationToken);
            Assert.True(one.AsSpan().SequenceEqual(other), $"{Path.GetFileName(file)} differs");
        }
    }

    [Fact]
    public async Task Its_bill_of_materials_names_what_is_in_it_and_its_notices_the_licence_of_each()
    {
        string zip = await package.MakeAsync(LambdaArchitecture.Host.Name, await postgres.GetServerAsync());
        JsonElement bill = await FunctionPackage.BillAsync(zip);
        using ZipArchive archive = await ZipFile.OpenReadAsync(zip, TestContext.Current.CancellationToken);
        Assert.Equal(Sha256(await ReadAsync(archive.GetEntry("bootstrap")!)), Hash(bill.GetProperty("metadata").GetProperty("component")));
        JsonElement[] components = [.. bill.GetProperty("components").EnumerateArray()];
        foreach (JsonElement file in components.Where(static component => component.GetProperty("type").GetString() == "file"))
            Assert.Equal(Sha256(await ReadAsync(archive.GetEntry(file.GetProperty("name").GetString()!)!)), Hash(file));

        JsonElement[] linked = [.. components.Where(static component => component.TryGetProperty("scope", out JsonElement scope) && scope.GetString() == "required")];
        // Every package of the lock file, and the runtime.
        string[] locked = LockedPackages(), names = [.. linked.Select(static component => $"{component.GetProperty("name").GetString()} {component.GetProperty("version").GetString()}")];
        Assert.Equal(locked, names.Where(static name => !name.StartsWith("Microsoft.NETCore.App.Runtime.NativeAOT.", StringComparison.Ordinal)));
        Assert.Equal(locked.Length + 1, names.Length);
        Assert.All(linked, static component => Assert.NotEmpty(component.GetProperty("licenses").EnumerateArray()));
        string notices = await File.ReadAllTextAsync(Path.ChangeExtension(zip, ".notices.txt"), TestContext.Current.CancellationToken);
        Assert.All(names, name => Assert.Contains($"\n{name}\nLicence: ", notices, StringComparison.Ordinal));
        Assert.Contains("Copyright (c) 2002-2025, Npgsql", notices, StringComparison.Ordinal);
        Assert.Contains("Notices that Microsoft.", notices, StringComparison.Ordinal);
        // Nothing that would differ with the next run.
        Assert.False(bill.TryGetProperty("serialNumber", out _));
        Assert.False(bill.GetProperty("metadata").TryGetProperty("timestamp", out _));
    }

    [Fact]
    public async Task Unpacked_as_Lambda_unpacks_it_the_function_trusts_the_authority_that_came_with_it()
    {
        PostgresServer server = await postgres.GetServerAsync();
        await PackedFunction.AnswersAsync(await package.UnpackAsync(LambdaArchitecture.Host.Name, server), postgres);
    }

    [Theory]
    [InlineData("none", "error: Option '--arch' is required.")]
    [InlineData("mips", "error: --arch mips: one of x86_64, arm64 is expected", "--arch", "mips")]
    [InlineData("no file", "error: --ca-bundle /nowhere/ca.pem: there is no such file", "--arch", "x86_64", "--ca-bundle", "/nowhere/ca.pem")]
    [InlineData("unknown", "error: Unrecognized command or argument '--speed'.", "--arch", "x86_64", "--speed")]
    [InlineData("size", "error: Cannot parse argument 'much' for option '--max-size'", "--arch", "x86_64", "--max-size", "much")]
    public async Task What_is_wrong_with_its_arguments_is_told_before_anything_is_compiled(string what, string error, params string[] arguments)
    {
        (int exitCode, string told) = await RunAsync(arguments);
        Assert.True(exitCode == PackageException.BadInput, $"{what}: {exitCode}");
        Assert.StartsWith(error, told, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", told, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Told)> RunAsync(string[] arguments)
    {
        var start = new System.Diagnostics.ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "nativelambda-package"), arguments) { RedirectStandardError = true };
        using System.Diagnostics.Process process = System.Diagnostics.Process.Start(start)!;
        string told = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, told);
    }

    private static string[] LockedPackages()
    {
        string[] notLinked = ["Microsoft.CodeAnalysis.BannedApiAnalyzers", "Microsoft.DotNet.ILCompiler", "Microsoft.NET.ILLink.Tasks"];
        JsonElement file = JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(Path.Combine(Repository.Root, "src", "NativeLambda.Function", "packages.lock.json")));
        return [.. file.GetProperty("dependencies").GetProperty("net10.0").EnumerateObject()
            .Where(entry => entry.Value.GetProperty("type").GetString() != "Project" && !notLinked.Contains(entry.Name))
            .Select(static entry => $"{entry.Name} {entry.Value.GetProperty("resolved").GetString()}").Order(StringComparer.Ordinal)];
    }

    private static string Hash(JsonElement component) => component.GetProperty("hashes")[0].GetProperty("content").GetString()!;

    private static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static async Task<byte[]> ReadAsync(ZipArchiveEntry entry)
    {
        using var content = new MemoryStream();
        await using Stream stream = await entry.OpenAsync();
        await stream.CopyToAsync(content);
        return content.ToArray();
    }
}
