using System.Globalization;

namespace NativeLambda.Settings;

/// <summary>
/// Reads typed values from environment variables. A bad value names the variable, the value and what is allowed;
/// an empty one counts as absent, as in libpq.
/// </summary>
internal sealed class VariableReader(Func<string, string?> get)
{
    /// <summary>The value, or <see langword="null"/> when absent or empty.</summary>
    public string? Text(string variable) => get(variable) is { Length: > 0 } value ? value : null;

    /// <summary>A duration between <paramref name="min"/> and <paramref name="max"/>.</summary>
    public TimeSpan Duration(string variable, TimeSpan fallback, TimeSpan min, TimeSpan max)
    {
        if (Text(variable) is not { } text)
            return fallback;
        if (Settings.Duration.TryParse(text, out TimeSpan value) && value >= min && value <= max)
            return value;
        throw Refuse(variable, text, $"use a duration from {Settings.Duration.Format(min)} to {Settings.Duration.Format(max)}, such as 500ms, 5s or 10m");
    }

    /// <summary>A percentage, as a share; <c>off</c> is a share that is never reached.</summary>
    public double Percent(string variable, double fallback) => Text(variable) switch
    {
        null => fallback,
        "off" => double.MaxValue,
        var text when text.EndsWith('%') && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int percent)
            && percent is > 0 and <= 100 => percent / 100.0,
        var text => throw Refuse(variable, text, "use a percentage from 1% to 100%, or off"),
    };

    /// <summary>A switch: <c>on</c> or <c>off</c>.</summary>
    public bool Switch(string variable, bool fallback) => Text(variable) switch
    {
        null => fallback,
        "on" => true,
        "off" => false,
        var text => throw Refuse(variable, text, "use on or off"),
    };

    /// <summary>A TCP port.</summary>
    public static int Port(string variable, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is > 0 and <= 65535
            ? port
            : throw Refuse(variable, text, "use a port from 1 to 65535");

    public static SettingsException Refuse(string variable, string value, string allowed) =>
        new(variable, $"{variable} is '{value}': {allowed}.");
}
