using System.Xml.Linq;

namespace NativeLambda.Packaging.Bill;

/// <summary>A NuGet package as it was restored: what it says of itself.</summary>
/// <param name="Id">Its name, as its author writes it.</param>
/// <param name="Version">Its version.</param>
/// <param name="Folder">Where its files are.</param>
internal sealed record PackageFolder(string Id, string Version, string Folder)
{
    /// <summary>The SPDX expression of its licence, and its copyright line; either may be missing.</summary>
    public (string? Licence, string? Copyright) Terms { get; } = ReadTerms(Id, Folder);

    /// <summary>SHA-512 of the file that was downloaded, as hexadecimal digits.</summary>
    public string Sha512 => Convert.ToHexStringLower(Convert.FromBase64String(
        File.ReadAllText(Path.Combine(Folder, FormattableString.Invariant($"{Id}.{Version}.nupkg.sha512").ToLowerInvariant())).Trim()));

    /// <summary>https://github.com/package-url/purl-spec.</summary>
    public string PackageUrl => $"pkg:nuget/{Uri.EscapeDataString(Id)}@{Uri.EscapeDataString(Version)}";

    /// <summary>The text of a file of the package by the beginning of its name, whatever its case; null where there is none.</summary>
    public string? ReadText(string nameStart) => Directory.EnumerateFiles(Folder)
        .Where(file => Path.GetFileName(file).StartsWith(nameStart, StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal)
        .Select(static file => File.ReadAllText(file).ReplaceLineEndings("\n")).FirstOrDefault();

    private static (string? Licence, string? Copyright) ReadTerms(string id, string folder)
    {
        XElement metadata = XDocument.Load(Path.Combine(folder, $"{id.ToLowerInvariant()}.nuspec")).Root!.Elements().Single(static element => element.Name.LocalName == "metadata");
        string? Value(string name) => metadata.Elements().FirstOrDefault(element => element.Name.LocalName == name)?.Value.Trim();
        return (Value("license"), Value("copyright"));
    }
}
