using System.Text.RegularExpressions;
using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Binary;

/// <summary>The file that is shipped: it must run on <c>provided.al2023</c>, and fit.</summary>
public sealed partial class BinaryTests(BootstrapFixture bootstrap)
{
    /// <summary>The C library of Amazon Linux 2023.</summary>
    private static readonly Version OldestGlibc = new(2, 34);

    private const long LargestBytes = 10_000_000;

    // What the C library consists of. All else (OpenSSL) is loaded at run time, where it is wanted.
    private static readonly string[] AllowedLibraries = ["libc.so.6", "libm.so.6", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"];

    [Fact]
    public async Task It_needs_no_symbol_newer_than_those_of_Amazon_Linux_2023()
    {
        IReadOnlyList<Version> versions = GlibcVersions(await ReadElfAsync("--version-info"));
        Assert.NotEmpty(versions);
        Assert.DoesNotContain(versions, version => version > OldestGlibc);
    }

    [Fact]
    public void A_newer_symbol_would_be_seen()
    {
        const string Needs = """
            Version needs section '.gnu.version_r' contains 2 entries:
              000000: Version: 1  File: libm.so.6  Cnt: 1
              0x0010:   Name: GLIBC_2.2.5  Flags: none  Version: 16
              0x0050: Version: 1  File: libc.so.6  Cnt: 1
              0x0060:   Name: GLIBC_2.38  Flags: none  Version: 19
            """;
        Assert.Equal([new Version(2, 2, 5), new Version(2, 38)], GlibcVersions(Needs));
    }

    [Fact]
    public async Task It_needs_no_library_but_the_C_library()
    {
        string[] needed = [.. NeededLibrary().Matches(await ReadElfAsync("--dynamic")).Select(match => match.Groups[1].Value)];
        Assert.Contains("libc.so.6", needed);
        Assert.Empty(needed.Except(AllowedLibraries));
    }

    [Fact]
    public async Task It_is_stripped_and_at_most_ten_megabytes()
    {
        string sections = await ReadElfAsync("--section-headers");
        Assert.Contains(" .dynsym ", sections, StringComparison.Ordinal);
        Assert.DoesNotContain(" .symtab ", sections, StringComparison.Ordinal);
        Assert.DoesNotContain(" .debug_", sections, StringComparison.Ordinal);
        Assert.InRange(new FileInfo(await bootstrap.GetPathAsync()).Length, 1, LargestBytes);
    }

    [GeneratedRegex(@"Name: GLIBC_([\d.]+) ")]
    private static partial Regex GlibcVersion();

    [GeneratedRegex(@"\(NEEDED\).*\[(.*)\]")]
    private static partial Regex NeededLibrary();

    private static IReadOnlyList<Version> GlibcVersions(string versionInfo) =>
        [.. GlibcVersion().Matches(versionInfo).Select(match => Version.Parse(match.Groups[1].Value))];

    private async Task<string> ReadElfAsync(string what) =>
        await Tool.RunAsync("readelf", "--wide", what, await bootstrap.GetPathAsync());
}
