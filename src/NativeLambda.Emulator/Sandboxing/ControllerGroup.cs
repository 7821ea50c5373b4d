using NativeLambda.Emulator.Freezing;

namespace NativeLambda.Emulator.Sandboxing;

/// <summary>The control group of an environment in which one controller is at work: of version 1 or 2, which name their files differently.</summary>
internal readonly record struct ControllerGroup(string Directory, bool IsVersion2)
{
    /// <summary>Writes a file.</summary>
    public void Write(string file, string value) => CgroupDirectory.Write(Directory, file, value);

    /// <summary>Whether there is such a file: some came with later kernels.</summary>
    public bool Has(string file) => File.Exists(Path.Combine(Directory, file));

    /// <summary>The file as one number.</summary>
    public long ReadNumber(string file) => ControllerFile.Number(File.ReadAllText(Path.Combine(Directory, file)));

    /// <summary>One number of a file of lines "key number"; nothing when the key is not there.</summary>
    public long? ReadNumber(string file, string key) => ControllerFile.Number(File.ReadLines(Path.Combine(Directory, file)), key);
}
