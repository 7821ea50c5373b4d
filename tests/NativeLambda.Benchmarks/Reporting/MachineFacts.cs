using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace NativeLambda.Benchmarks.Reporting;

/// <summary>Where and when the figures were made.</summary>
internal sealed record MachineFacts
{
    /// <summary>When.</summary>
    public required DateTimeOffset Date { get; init; }

    /// <summary>Of which state of the repository; nothing where that is not known.</summary>
    public required string? Commit { get; init; }

    /// <summary>The processor.</summary>
    public required string Processor { get; init; }

    /// <summary>How many of them.</summary>
    public required int Cores { get; init; }

    /// <summary>The memory, in MB.</summary>
    public required long MemoryMb { get; init; }

    /// <summary>The distribution.</summary>
    public required string System { get; init; }

    /// <summary>The kernel.</summary>
    public required string Kernel { get; init; }

    /// <summary>The server.</summary>
    public required string Postgres { get; init; }

    /// <summary>Processes that were ready to run before the start, a minute's average: what else went on.</summary>
    public required double Load { get; init; }

    /// <summary>The same at the end, when the measurement itself makes up for two or three.</summary>
    public double LoadAtEnd { get; init; }

    /// <summary>Reads them.</summary>
    public static MachineFacts Read(string postgres, string repository, TimeProvider time) => new()
    {
        Date = time.GetUtcNow(),
        Commit = ReadCommit(repository),
        Processor = Value("/proc/cpuinfo", "model name") ?? RuntimeInformation.OSArchitecture.ToString(),
        Cores = Environment.ProcessorCount,
        MemoryMb = long.Parse((Value("/proc/meminfo", "MemTotal") ?? "0 kB").Split(' ')[0], CultureInfo.InvariantCulture) / 1024,
        System = Value("/etc/os-release", "PRETTY_NAME", '=')?.Trim('"') ?? RuntimeInformation.OSDescription,
        Kernel = File.ReadAllText("/proc/sys/kernel/osrelease").Trim(),
        Postgres = postgres,
        Load = ReadLoad(),
    };

    /// <summary>The load of the last minute.</summary>
    public static double ReadLoad() => double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);

    private static string? Value(string file, string key, char separator = ':') => File.Exists(file)
        ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal))?.Split(separator, 2)[1].Trim()
        : null;

    private static string? ReadCommit(string repository)
    {
        try
        {
            using Process process = Process.Start(
                new ProcessStartInfo("git", ["-C", repository, "rev-parse", "--short", "HEAD"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            string commit = process.StandardOutput.ReadToEnd().Trim();
            process.WaitForExit();
            return process.ExitCode == 0 ? commit : null;
        }
        catch (global::System.ComponentModel.Win32Exception)
        {
            return null; // git is not installed, or this is no clone
        }
    }
}
