using System.Globalization;

namespace NativeLambda.Emulator.Sandboxing;

/// <summary>The formats of the files of control groups.</summary>
internal static class ControllerFile
{
    /// <summary>A file that is one number.</summary>
    public static long Number(string text) => long.Parse(text.AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>The number in the line "key number", if there is that line.</summary>
    public static long? Number(IEnumerable<string> lines, string key)
    {
        foreach (string line in lines)
            if (line.Length > key.Length && line[key.Length] == ' ' && line.StartsWith(key, StringComparison.Ordinal))
                return Number(line[(key.Length + 1)..]);
        return null;
    }
}
