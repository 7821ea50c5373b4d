using System.Runtime.InteropServices;

namespace NativeLambda.Emulator.Processes;

/// <summary>A null-terminated array of C strings, as exec(2) takes its arguments and its environment.</summary>
internal sealed unsafe class NativeStrings : IDisposable
{
    private readonly int _count;

    public NativeStrings(IEnumerable<string> strings)
    {
        string[] values = [.. strings];
        Pointer = (byte**)NativeMemory.AllocZeroed((nuint)values.Length + 1, (nuint)sizeof(byte*));
        foreach (string value in values) Pointer[_count++] = (byte*)Marshal.StringToCoTaskMemUTF8(value);
    }

    public byte** Pointer { get; private set; }

    public void Dispose()
    {
        if (Pointer == null) return;
        for (int index = 0; index < _count; index++) Marshal.FreeCoTaskMem((nint)Pointer[index]);
        NativeMemory.Free(Pointer);
        Pointer = null;
    }
}
