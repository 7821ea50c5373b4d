using System.IO.Compression;

namespace NativeLambda.Benchmarks.Contenders;

/// <summary>How large a deployment is, in bytes.</summary>
/// <param name="Files">All files together.</param>
/// <param name="Zip">The archive that is uploaded.</param>
internal readonly record struct PackageSize(long Files, long Zip)
{
    /// <summary>Packs some files of a folder as a deployment would.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="files">The files in it.</param>
    public static PackageSize Of(string folder, IReadOnlyCollection<string> files)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            foreach (string file in files) archive.CreateEntryFromFile(file, Path.GetRelativePath(folder, file), CompressionLevel.SmallestSize);
        return new PackageSize(files.Sum(static file => new FileInfo(file).Length), stream.Length);
    }

    /// <summary>Packs all files of a folder.</summary>
    public static PackageSize OfFolder(string folder) => Of(folder, Directory.GetFiles(folder, "*", SearchOption.AllDirectories));
}
