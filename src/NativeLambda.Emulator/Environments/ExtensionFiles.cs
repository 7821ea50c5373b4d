using NativeLambda.Emulator.Processes;

namespace NativeLambda.Emulator.Environments;

/// <summary>Finds the external extensions of a function: every file of its extensions' folders, as Lambda takes all of <c>/opt/extensions</c>.</summary>
internal static class ExtensionFiles
{
    private const int ExecuteAccess = 1; // X_OK

    /// <summary>The folder beside the bootstrap.</summary>
    internal const string FolderName = "extensions";

    /// <summary>Why Lambda would not start the extension; nothing when it would.</summary>
    public static string? WhyNot(string file, int count)
    {
        if (count > ExtensionRegistry.MaxExtensions) return "TooManyExtensions";
        return NativeMethods.Access(file, ExecuteAccess) == 0 ? null : "PermissionDenied";
    }

    /// <summary>The files, in the order of their names, which are the extensions' names.</summary>
    /// <exception cref="ArgumentException">The wanted folder is none, or two files have the same name.</exception>
    public static IReadOnlyList<string> Find(string taskRoot, string? wanted)
    {
        if (wanted is not null && !Directory.Exists(wanted)) throw new ArgumentException($"extensions {wanted}: no such directory");
        string beside = Path.Combine(taskRoot, FolderName);
        string[] folders = [.. new[] { beside, wanted }.OfType<string>().Select(Path.GetFullPath).Distinct().Where(Directory.Exists)];
        string[] files = [.. folders.SelectMany(Directory.EnumerateFiles).OrderBy(static file => Path.GetFileName(file), StringComparer.Ordinal)];
        foreach (IGrouping<string, string> named in files.GroupBy(static file => Path.GetFileName(file)))
            if (named.Count() > 1) throw new ArgumentException($"two extensions are named {named.Key}: {string.Join(", ", named)}");
        return files;
    }
}
