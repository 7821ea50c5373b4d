using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace NativeLambda.Database;

/// <summary>The calls into libc, each with its reason and side effects.</summary>
internal static partial class NativeMethods
{
    internal const short PollIn = 0x001;
    internal const short PollError = 0x008;
    internal const short PollHangUp = 0x010;
    internal const short PollInvalid = 0x020;
    internal const short PollPeerClosed = 0x2000; // POLLRDHUP, Linux

    private const int ShutdownBoth = 2; // SHUT_RDWR

    [StructLayout(LayoutKind.Sequential)]
    internal struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short ReturnedEvents;
    }

    /// <summary>
    /// poll(2). Socket.Poll of .NET cannot tell a hang-up from data, and that difference saves the round trip of a ping.
    /// No side effects.
    /// </summary>
    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    internal static partial int Poll(ref PollDescriptor descriptor, nuint count, int timeoutMs);

    /// <summary>Ends whatever waits on a socket, which stays its owner's.</summary>
    internal static void ShutDown(Socket socket)
    {
        try
        {
            _ = Shutdown((int)socket.Handle, ShutdownBoth);
        }
        catch (ObjectDisposedException)
        {
            // Its owner noticed the end of the connection at the same moment: there is nothing left to end.
        }
    }

    /// <summary>
    /// shutdown(2). Wakes a read that waits for a silent peer, without closing a descriptor that another still owns.
    /// </summary>
    [LibraryImport("libc", EntryPoint = "shutdown", SetLastError = true)]
    private static partial int Shutdown(int descriptor, int how);

    /// <summary>
    /// setenv(3). OpenSSL and the runtime's native code read the C environment, which Environment.SetEnvironmentVariable never
    /// reaches. Not thread-safe against getenv in other threads: call it in Init, before the first use of TLS.
    /// </summary>
    [LibraryImport("libc", EntryPoint = "setenv", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SetEnvironmentVariable(string name, string value, int overwrite);
}
