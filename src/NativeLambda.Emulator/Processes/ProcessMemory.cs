using System.Globalization;

namespace NativeLambda.Emulator.Processes;

/// <summary>What the kernel says of the memory of a process.</summary>
internal static class ProcessMemory
{
    /// <summary>The most that it held at once in bytes (VmHWM); nothing once it has ended.</summary>
    public static long? ReadPeak(int processId)
    {
        try
        {
            foreach (string line in File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/status")))
            {
                if (!line.StartsWith("VmHWM:", StringComparison.Ordinal)) continue;
                string kilobytes = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1];
                return long.Parse(kilobytes, CultureInfo.InvariantCulture) * 1024;
            }
        }
        catch (IOException)
        {
            // ENOENT or ESRCH: it has ended.
        }
        return null;
    }
}
