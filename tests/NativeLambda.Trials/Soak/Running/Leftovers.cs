namespace NativeLambda.Trials.Soak.Running;

/// <summary>What the emulator must not leave behind.</summary>
internal static class Leftovers
{
    /// <summary>Processes that were started for a function, by their environment.</summary>
    public static IReadOnlyList<int> ProcessesOf(string functionName)
    {
        string mark = $"AWS_LAMBDA_FUNCTION_NAME={functionName}";
        var found = new List<int>();
        foreach (string directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), out int pid) && Read(Path.Combine(directory, "environ")).Split('\0').Contains(mark))
                found.Add(pid);
        }

        return found;
    }

    /// <summary>What a process shows of itself to everyone.</summary>
    public static string CommandLineOf(int pid) => Read($"/proc/{pid}/cmdline");

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // It has ended, or is somebody else's.
        }
    }
}
