namespace NativeLambda.Emulator.Logging;

/// <summary>What log formats and levels are called: by AWS, in configuration files, and in small letters on the command line.</summary>
internal static class LoggingNames
{
    public static readonly string[] Formats = ["Text", "JSON"];
    public static readonly string[] ApplicationLevels = [.. Enum.GetNames<ApplicationLogLevel>().Select(static name => name.ToUpperInvariant())];
    public static readonly string[] SystemLevels = [.. Enum.GetNames<SystemLogLevel>().Select(static name => name.ToUpperInvariant())];

    public static string Of(LogFormat format) => format == LogFormat.Json ? "JSON" : "Text";

    public static string Of(ApplicationLogLevel level) => level.ToString().ToUpperInvariant();

    /// <summary>The value of a name in whatever letters, or the other value where there is none.</summary>
    public static T Read<T>(string? name, T otherwise) where T : struct, Enum => name is null ? otherwise : Enum.Parse<T>(name, ignoreCase: true);
}
