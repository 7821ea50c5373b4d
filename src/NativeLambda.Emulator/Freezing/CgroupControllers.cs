namespace NativeLambda.Emulator.Freezing;

/// <summary>The controllers of control groups version 2, which a group has only if its parent hands them out.</summary>
internal static class CgroupControllers
{
    /// <summary>The controllers that limit an environment; named alike in version 1.</summary>
    public static readonly IReadOnlyList<string> Wanted = ["cpu", "memory", "pids"];

    private static readonly char[] Separators = [' ', '\n'];

    /// <summary>Whether the group can hand out the controllers to its children, as far as one can see without trying.</summary>
    public static bool CanEnable(string group)
    {
        if (!AllIn(Path.Combine(group, "cgroup.controllers"))) return false;
        if (AllIn(Path.Combine(group, "cgroup.subtree_control"))) return true;
        // A group with processes of its own cannot, except the root, which alone has no type.
        return !File.Exists(Path.Combine(group, "cgroup.type")) || CgroupDirectory.Processes(group).Count == 0;
    }

    /// <summary>Hands out the controllers to the group's children.</summary>
    /// <returns>Whether they have them.</returns>
    public static bool TryEnable(string group)
    {
        if (!CanEnable(group)) return false;
        if (AllIn(Path.Combine(group, "cgroup.subtree_control"))) return true;
        try
        {
            CgroupDirectory.Write(group, "cgroup.subtree_control", string.Join(' ', Wanted.Select(static controller => "+" + controller)));
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false; // not ours to give: the caller goes without limits and says so
        }
    }

    private static bool AllIn(string file)
    {
        if (!File.Exists(file)) return false;
        string[] present = File.ReadAllText(file).Split(Separators, StringSplitOptions.RemoveEmptyEntries);
        return Wanted.All(present.Contains);
    }
}
