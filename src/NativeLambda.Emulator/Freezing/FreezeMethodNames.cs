namespace NativeLambda.Emulator.Freezing;

/// <summary>What freezing methods are called on the command line and in configuration files.</summary>
internal static class FreezeMethodNames
{
    public static readonly string[] All = ["auto", "cgroup", "cgroup-v2", "cgroup-v1", "signal"];

    public static FreezeMethod Read(string name) => name switch
    {
        "cgroup" => CgroupMount.FindV2() is null ? FreezeMethod.CgroupV1 : FreezeMethod.CgroupV2,
        "cgroup-v2" => FreezeMethod.CgroupV2,
        "cgroup-v1" => FreezeMethod.CgroupV1,
        "signal" => FreezeMethod.Signal,
        _ => FreezeMethod.Auto,
    };
}
