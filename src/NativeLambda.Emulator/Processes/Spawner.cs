using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace NativeLambda.Emulator.Processes;

/// <summary>Starts a process in a session of its own, with exactly the environment that is wanted and no signal ignored or blocked.</summary>
internal static class Spawner
{
    /// <summary>Starts it.</summary>
    /// <param name="request">What to start.</param>
    /// <param name="input">Its standard input; empty where there is none.</param>
    /// <param name="output">Its standard output.</param>
    /// <param name="error">Its standard error.</param>
    /// <returns>The process id, which is also that of its session and process group.</returns>
    /// <exception cref="Win32Exception">It cannot be started: the errno of exec(2).</exception>
    public static unsafe int Start(SpawnRequest request, SafeFileHandle? input, SafeFileHandle output, SafeFileHandle error)
    {
        byte* attributes = stackalloc byte[NativeMethods.OpaqueSize];
        byte* actions = stackalloc byte[NativeMethods.OpaqueSize];
        byte* signals = stackalloc byte[NativeMethods.OpaqueSize];
        Throw(NativeMethods.SpawnAttributesInit(attributes), request.File);
        Throw(NativeMethods.SpawnFileActionsInit(actions), request.File);
        using var arguments = new NativeStrings([request.File, .. request.Arguments]);
        using var environment = new NativeStrings(request.Environment.Select(static variable => $"{variable.Key}={variable.Value}"));
        try
        {
            _ = NativeMethods.SignalSetFill(signals);
            Throw(NativeMethods.SpawnAttributesSetSignalDefaults(attributes, signals), request.File);
            _ = NativeMethods.SignalSetEmpty(signals);
            Throw(NativeMethods.SpawnAttributesSetSignalMask(attributes, signals), request.File);
            Throw(NativeMethods.SpawnAttributesSetFlags(attributes, NativeMethods.SpawnSetSession
                | NativeMethods.SpawnSetSignalDefaults | NativeMethods.SpawnSetSignalMask), request.File);
            Throw(input is null
                ? NativeMethods.SpawnFileActionsAddOpen(actions, 0, "/dev/null", 0, 0)
                : NativeMethods.SpawnFileActionsAddDuplicate(actions, (int)input.DangerousGetHandle(), 0), request.File);
            Throw(NativeMethods.SpawnFileActionsAddDuplicate(actions, (int)output.DangerousGetHandle(), 1), request.File);
            Throw(NativeMethods.SpawnFileActionsAddDuplicate(actions, (int)error.DangerousGetHandle(), 2), request.File);
            Throw(NativeMethods.SpawnFileActionsAddChangeDirectory(actions, request.WorkingDirectory), request.File);
            Throw(NativeMethods.Spawn(out int id, request.File, actions, attributes, arguments.Pointer, environment.Pointer), request.File);
            return id;
        }
        finally
        {
            _ = NativeMethods.SpawnFileActionsDestroy(actions);
            _ = NativeMethods.SpawnAttributesDestroy(attributes);
        }
    }

    private static void Throw(int error, string file)
    {
        if (error != 0) throw new Win32Exception(error, $"cannot start {file}: {Marshal.GetPInvokeErrorMessage(error)}");
    }
}
