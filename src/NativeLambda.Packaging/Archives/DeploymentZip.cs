using System.IO.Compression;
using System.Security.Cryptography;

namespace NativeLambda.Packaging.Archives;

/// <summary>A file of the package.</summary>
/// <param name="Name">Its path in the package, with slashes.</param>
/// <param name="Content">Its bytes.</param>
/// <param name="IsProgram">Whether Lambda runs it.</param>
internal sealed record PackedFile(string Name, byte[] Content, bool IsProgram = false);

/// <summary>The archive that is uploaded: the same bytes for the same files, whoever packs them, when and where.</summary>
internal static class DeploymentZip
{
    private const int RegularFile = 0x8000; // S_IFREG
    private const int ProgramMode = 0x1ED, FileMode = 0x1A4; // 0755, 0644

    // The first that the format can say. Lambda does not look at it.
    private static readonly DateTimeOffset Written = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Packs files, in the order of their names.</summary>
    /// <exception cref="PackageException">Two have the same name.</exception>
    public static byte[] Pack(IReadOnlyCollection<PackedFile> files)
    {
        if (files.GroupBy(static file => file.Name).FirstOrDefault(static same => same.Count() > 1) is { } twice)
            throw PackageException.ForInput($"two files would be {twice.Key} in the package: rename one");
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            foreach (PackedFile file in files.OrderBy(static file => file.Name, StringComparer.Ordinal))
            {
                ZipArchiveEntry entry = archive.CreateEntry(file.Name, CompressionLevel.SmallestSize);
                entry.LastWriteTime = Written;
                entry.ExternalAttributes = (RegularFile | (file.IsProgram ? ProgramMode : FileMode)) << 16;
                using Stream content = entry.Open();
                content.Write(file.Content);
            }
        return stream.ToArray();
    }

    /// <summary>SHA-256 as hexadecimal digits.</summary>
    public static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
