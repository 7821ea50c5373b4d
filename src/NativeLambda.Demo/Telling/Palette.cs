namespace NativeLambda.Demo.Telling;

/// <summary>Escape sequences, or nothing where they would not be colours.</summary>
internal sealed record Palette(string Bold, string Dim, string Good, string Bad, string Plain)
{
    private static readonly Palette None = new("", "", "", "", "");

    private static readonly Palette Colours = new("\u001b[1m", "\u001b[2m", "\u001b[32m", "\u001b[31m", "\u001b[0m");

    /// <summary>Colours on a terminal that has them, unless NO_COLOR (https://no-color.org) is set.</summary>
    public static Palette ForConsole() =>
        Console.IsOutputRedirected
        || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 }
        || Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb"
            ? None
            : Colours;
}
