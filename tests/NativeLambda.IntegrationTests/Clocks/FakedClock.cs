using System.Globalization;

namespace NativeLambda.IntegrationTests.Clocks;

/// <summary>
/// The wall clock of a process, by libfaketime: an offset, or a moment at which it stands, in a file that each look at the clock reads.
/// Its monotonic clock is the real one.
/// </summary>
internal sealed class FakedClock : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    /// <summary>
    /// The library, or <see langword="null"/> where it is not installed: that for programs with threads, for the other reads the file
    /// into one place for all of them at once, and tells a wrong time now and then.
    /// </summary>
    public static string? Library => Directory.Exists("/usr/lib")
        ? Directory.GetDirectories("/usr/lib", "*-linux-gnu*").Append("/usr/lib").Select(directory => Path.Combine(directory, "faketime", "libfaketimeMT.so.1"))
            .FirstOrDefault(File.Exists)
        : null;

    /// <summary>What puts a process under it.</summary>
    public (string Name, string Value)[] Variables =>
    [
        ("LD_PRELOAD", Library!),
        ("FAKETIME_TIMESTAMP_FILE", _file),
        ("FAKETIME_NO_CACHE", "1"),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
    ];

    /// <summary>The clock runs, that far from the real one.</summary>
    public TimeSpan Offset
    {
        set => File.WriteAllText(_file, string.Create(CultureInfo.InvariantCulture, $"{value.TotalSeconds:+0;-0;+0}\n"));
    }

    /// <summary>The clock stands still.</summary>
    public DateTimeOffset StandsAt
    {
        set => File.WriteAllText(_file, value.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss\n", CultureInfo.InvariantCulture));
    }

    public static void SkipWithout() => Assert.SkipWhen(Library is null, "libfaketime is not installed (Debian package libfaketime).");

    public void Dispose() => File.Delete(_file);
}
