using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using NativeLambda.Emulator.Processes;

namespace NativeLambda.Emulator.Freezing;

/// <summary>A directory of the control group file system: reads and writes its files, removes it.</summary>
internal static class CgroupDirectory
{
    /// <summary>The member processes.</summary>
    public static IReadOnlyList<int> Processes(string directory)
    {
        var processes = new List<int>();
        foreach (string line in File.ReadLines(Path.Combine(directory, "cgroup.procs")))
            if (int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out int id) && id > 0) processes.Add(id);
        return processes;
    }

    /// <summary>Writes a value into a file of the directory, in one write as the kernel wants it.</summary>
    public static void Write(string directory, string file, string value)
    {
        using var handle = File.OpenHandle(Path.Combine(directory, file), FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        RandomAccess.Write(handle, Encoding.ASCII.GetBytes(value), 0);
    }

    /// <summary>Kills the members once.</summary>
    public static void KillProcesses(string directory)
    {
        foreach (int process in Processes(directory))
            if (NativeMethods.Kill(process, NativeMethods.SigKill) != 0 && Marshal.GetLastPInvokeError() != NativeMethods.ErrorNoProcess)
                throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    /// <summary>Removes the directory when it is empty of processes.</summary>
    /// <returns>Whether it is gone.</returns>
    public static bool TryRemove(string directory)
    {
        try
        {
            Directory.Delete(directory);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return true;
        }
        catch (IOException)
        {
            return false; // EBUSY: a killed process has not left it yet
        }
    }
}
