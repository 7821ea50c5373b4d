namespace NativeLambda.Emulator.Sandboxing;

/// <summary>What shares of the processors are called on the command line and in configuration files.</summary>
internal static class CpuShareNames
{
    public const string ByMemory = "by-memory";

    public static readonly string[] All = [ByMemory, "full"];

    public static CpuShare Read(string name) => name == ByMemory ? CpuShare.ByMemorySize : CpuShare.Full;
}
