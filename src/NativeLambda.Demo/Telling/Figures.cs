using System.Globalization;

namespace NativeLambda.Demo.Telling;

/// <summary>Figures as text.</summary>
internal static class Figures
{
    public static string Milliseconds(TimeSpan duration) => Milliseconds(duration.TotalMilliseconds);

    public static string Milliseconds(double milliseconds) => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0.0} ms");

    public static string Seconds(TimeSpan duration) => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0.0} s");

    /// <summary>The value that half of them do not exceed; there must be one.</summary>
    public static TimeSpan Median(IEnumerable<TimeSpan> durations)
    {
        TimeSpan[] sorted = [.. durations.Order()];
        return sorted[(sorted.Length - 1) / 2];
    }
}
