using System.Runtime.InteropServices;

namespace NativeLambda.Emulator.Sandboxing;

/// <summary>An environment cannot be isolated as wanted: the kernel refuses, or it takes root.</summary>
public sealed class SandboxException : Exception
{
    internal SandboxException(string message, Exception? inner = null) : base(message, inner) { }

    internal static SandboxException Of(string what, int error) =>
        new($"cannot {what}: {Marshal.GetPInvokeErrorMessage(error)}{(error is 1 or 13 ? " (it takes root)" : "")}"); // EPERM, EACCES
}
