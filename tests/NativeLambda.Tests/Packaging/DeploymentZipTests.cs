using System.IO.Compression;
using NativeLambda.Packaging;
using NativeLambda.Packaging.Archives;

namespace NativeLambda.Tests.Packaging;

public sealed class DeploymentZipTests
{
    private static readonly PackedFile[] Files =
    [
        new("schema.sql", "select 1"u8.ToArray()), new("bootstrap", new byte[100_000], IsProgram: true), new("ca/b.pem", "b"u8.ToArray()),
    ];

    [Fact]
    public void The_order_of_the_files_does_not_matter() =>
        Assert.Equal(DeploymentZip.Pack(Files), DeploymentZip.Pack([.. Files.Reverse()]));

    [Fact]
    public async Task It_says_neither_when_nor_by_whom_but_who_may_run_what()
    {
        await using var archive = new ZipArchive(new MemoryStream(DeploymentZip.Pack(Files)));
        Assert.Equal(["bootstrap", "ca/b.pem", "schema.sql"], archive.Entries.Select(static entry => entry.FullName));
        Assert.Equal([0x81ED, 0x81A4, 0x81A4], archive.Entries.Select(static entry => (entry.ExternalAttributes >> 16) & 0xFFFF)); // 0100755, 0100644
        Assert.All(archive.Entries, static entry => Assert.Equal(new DateTime(1980, 1, 1), entry.LastWriteTime.DateTime));
    }

    [Fact]
    public void Two_files_of_one_name_are_refused()
    {
        PackageException refusal = Assert.Throws<PackageException>(static () => { DeploymentZip.Pack([.. Files, Files[0]]); });
        Assert.Equal("two files would be schema.sql in the package: rename one", refusal.Message);
    }
}
