using System.Runtime.InteropServices;

namespace NativeLambda.Emulator.Postgres;

/// <summary>The calls into libc that a server of another user needs, each with its reason.</summary>
internal static partial class NativeMethods
{
    internal const int SignalInterrupt = 2;
    internal const int SignalQuit = 3;
    internal const int SignalHangUp = 1;
    internal const int SignalKill = 9;
    internal const int SignalTerminate = 15;
    internal const int SignalContinue = 18;
    internal const int SignalStop = 19;

    internal const int NoSuchProcess = 3; // ESRCH

    /// <summary>kill(2). .NET sends SIGKILL only; PostgreSQL tells its shutdown modes apart by the signal.</summary>
    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    internal static partial int Kill(int pid, int signal);

    /// <summary>chown(2). The server insists on owning its key and its directory.</summary>
    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int ChangeOwner(string path, uint user, uint group);
}
