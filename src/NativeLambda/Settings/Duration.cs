using System.Globalization;

namespace NativeLambda.Settings;

/// <summary>Durations as settings write them: a whole number and a unit, <c>500ms</c>, <c>5s</c>, <c>10m</c>, <c>1h</c>.</summary>
internal static class Duration
{
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan value)
    {
        value = default;
        int digits = text.IndexOfAnyExceptInRange('0', '9');
        if (digits is <= 0 or > 8) // More hours than that overflow a TimeSpan.
            return false;
        TimeSpan? unit = text[digits..] switch
        {
            "ms" => TimeSpan.FromMilliseconds(1),
            "s" => TimeSpan.FromSeconds(1),
            "m" => TimeSpan.FromMinutes(1),
            "h" => TimeSpan.FromHours(1),
            _ => null,
        };
        if (unit is null)
            return false;
        value = unit.Value * int.Parse(text[..digits], NumberStyles.None, CultureInfo.InvariantCulture);
        return true;
    }

    /// <summary>The shortest exact form that <see cref="TryParse"/> reads back.</summary>
    public static string Format(TimeSpan value) => value switch
    {
        { Ticks: 0 } => "0s",
        _ when value.Ticks % TimeSpan.TicksPerHour == 0 => $"{value.Ticks / TimeSpan.TicksPerHour}h",
        _ when value.Ticks % TimeSpan.TicksPerMinute == 0 => $"{value.Ticks / TimeSpan.TicksPerMinute}m",
        _ when value.Ticks % TimeSpan.TicksPerSecond == 0 => $"{value.Ticks / TimeSpan.TicksPerSecond}s",
        _ => $"{value.Ticks / TimeSpan.TicksPerMillisecond}ms",
    };
}
