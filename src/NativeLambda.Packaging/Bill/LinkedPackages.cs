using System.Text.Json;

namespace NativeLambda.Packaging.Bill;

/// <summary>What the program was made of, read from what NuGet has restored for it (<c>project.assets.json</c>).</summary>
/// <param name="Linked">Packages of which something is in the program, by name; the runtime is among them.</param>
/// <param name="Compiler">What compiled it.</param>
/// <param name="Dependencies">By the name of a package, the names of those that it uses.</param>
internal sealed record LinkedPackages(IReadOnlyList<PackageFolder> Linked, PackageFolder Compiler, IReadOnlyDictionary<string, string[]> Dependencies)
{
    /// <summary>The name of the runtime that is linked into a program.</summary>
    public static string RuntimeOf(LambdaArchitecture architecture) => $"Microsoft.NETCore.App.Runtime.NativeAOT.{architecture.RuntimeIdentifier}";

    /// <summary>Reads them.</summary>
    /// <exception cref="PackageException">The file is not as NuGet writes it for a Native AOT program.</exception>
    public static LinkedPackages Read(string assetsFile, LambdaArchitecture architecture)
    {
        using JsonDocument assets = JsonDocument.Parse(File.ReadAllBytes(assetsFile));
        JsonElement root = assets.RootElement;
        string[] caches = [.. root.GetProperty("packageFolders").EnumerateObject().Select(static folder => folder.Name)];
        JsonProperty target = root.GetProperty("targets").EnumerateObject().FirstOrDefault(entry => entry.Name.EndsWith($"/{architecture.RuntimeIdentifier}", StringComparison.Ordinal));
        if (target.Value.ValueKind != JsonValueKind.Object)
            throw PackageException.ForProgram($"{assetsFile} is not restored for {architecture.RuntimeIdentifier}");

        var linked = new List<PackageFolder>();
        var dependencies = new Dictionary<string, string[]>();
        PackageFolder? compiler = null;
        foreach (JsonProperty package in target.Value.EnumerateObject().Where(static entry => entry.Value.GetProperty("type").GetString() == "package"))
        {
            string[] name = package.Name.Split('/');
            if (name[0] == "Microsoft.DotNet.ILCompiler") compiler = Find(caches, name[0], name[1]);
            // "_._" stands for a package that brings nothing for this framework.
            if (!package.Value.TryGetProperty("runtime", out JsonElement files) || files.EnumerateObject().All(static file => file.Name.EndsWith("/_._", StringComparison.Ordinal))) continue;
            linked.Add(Find(caches, name[0], name[1]));
            dependencies[name[0]] = package.Value.TryGetProperty("dependencies", out JsonElement used) ? [.. used.EnumerateObject().Select(static entry => entry.Name)] : [];
        }
        if (compiler is null) throw PackageException.ForProgram($"{assetsFile} names no Native AOT compiler");
        // The runtime is downloaded beside the packages, in the compiler's version.
        linked.Add(Find(caches, RuntimeOf(architecture), compiler.Version));
        return new LinkedPackages([.. linked.OrderBy(static package => package.Id, StringComparer.Ordinal)], compiler, dependencies);
    }

    private static PackageFolder Find(string[] caches, string id, string version) => caches
        .Select(cache => Path.Combine(cache, id.ToLowerInvariant(), version.ToLowerInvariant()))
        .Where(Directory.Exists).Select(folder => new PackageFolder(id, version, folder)).FirstOrDefault()
        ?? throw PackageException.ForProgram($"package {id} {version} is not where NuGet keeps packages: {string.Join(", ", caches)}");
}
