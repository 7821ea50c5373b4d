using NativeLambda.Emulator.Freezing;

namespace NativeLambda.Trials.Overhead;

/// <summary>The names of the courses: one place for the table, the references between them, and the tests.</summary>
internal static class CourseNames
{
    public const string Loopback = "loopback HTTP round trip";

    /// <summary>Through the Invoke API to an environment that is frozen when the request comes.</summary>
    public static string Frozen(FreezeMethod method) => $"invoke, frozen ({Name(method)})";

    /// <summary>Through the Invoke API to an environment that was thawed before.</summary>
    public static string Awake(FreezeMethod method) => $"invoke, awake ({Name(method)})";

    /// <summary>Through the Invoke API as soon as the last answer is there, while the environment may be on its way into the freeze.</summary>
    public static string BackToBack(FreezeMethod method) => $"invoke, back to back ({Name(method)})";

    /// <summary>Through the function URL to a frozen environment.</summary>
    public static string FunctionUrl(FreezeMethod method) => $"function URL, frozen ({Name(method)})";

    /// <summary>A freeze, until the kernel confirms it.</summary>
    public static string Freeze(FreezeMethod method) => $"freeze ({Name(method)})";

    /// <summary>A byte to the awake process and back.</summary>
    public static string Pulse(FreezeMethod method) => $"byte there and back ({Name(method)})";

    /// <summary>A thaw, until the process has sent back a byte that had come while it was frozen.</summary>
    public static string Thaw(FreezeMethod method) => $"thaw ({Name(method)})";

    /// <summary>The same course a second time.</summary>
    public static string Again(string course) => $"{course}, again";

    /// <summary>A method as the command line spells it.</summary>
    public static string Name(FreezeMethod method) => method switch
    {
        FreezeMethod.CgroupV2 => "cgroup-v2",
        FreezeMethod.CgroupV1 => "cgroup-v1",
        FreezeMethod.Signal => "signal",
        _ => "auto",
    };
}
