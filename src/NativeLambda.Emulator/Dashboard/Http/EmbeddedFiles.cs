using System.Collections.Frozen;
using System.Reflection;

namespace NativeLambda.Emulator.Dashboard.Http;

/// <summary>The page and what belongs to it, from the assembly. A path is looked up among these, never in a file system.</summary>
internal static class EmbeddedFiles
{
    private const string Prefix = "dashboard/";

    private static readonly FrozenDictionary<string, EmbeddedFile> Files = Load();

    /// <returns>Nothing when there is no such file.</returns>
    public static EmbeddedFile? Find(string path) => Files.GetValueOrDefault(path == "/" ? "/index.html" : path);

    private static FrozenDictionary<string, EmbeddedFile> Load()
    {
        Assembly assembly = typeof(EmbeddedFiles).Assembly;
        var files = new Dictionary<string, EmbeddedFile>();
        foreach (string name in assembly.GetManifestResourceNames())
        {
            if (!name.StartsWith(Prefix, StringComparison.Ordinal)) continue;
            using Stream stream = assembly.GetManifestResourceStream(name)!;
            byte[] content = new byte[stream.Length];
            stream.ReadExactly(content);
            files.Add("/" + name[Prefix.Length..].Replace('\\', '/'), new EmbeddedFile(content, ContentType(name)));
        }
        return files.ToFrozenDictionary();
    }

    private static string ContentType(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        var other => throw new InvalidOperationException($"no content type for {other} of {name}"),
    };
}
