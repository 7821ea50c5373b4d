using System.ComponentModel;
using System.Runtime.InteropServices;

namespace NativeLambda.Database;

/// <summary>The dead-socket check: one poll(2), no round trip.</summary>
internal static class SocketProbe
{
    private const int InterruptedCall = 4; // EINTR

    public static SocketCondition Poll(int descriptor)
    {
        var poll = new NativeMethods.PollDescriptor
        {
            Descriptor = descriptor,
            Events = NativeMethods.PollIn | NativeMethods.PollPeerClosed,
        };

        int ready;
        while ((ready = NativeMethods.Poll(ref poll, 1, timeoutMs: 0)) < 0)
        {
            int error = Marshal.GetLastPInvokeError();
            if (error != InterruptedCall)
                throw new Win32Exception(error);
        }

        const short Gone = NativeMethods.PollError | NativeMethods.PollHangUp | NativeMethods.PollInvalid | NativeMethods.PollPeerClosed;
        if (ready == 0)
            return SocketCondition.Quiet;
        return (poll.ReturnedEvents & Gone) != 0 ? SocketCondition.Dead : SocketCondition.Readable;
    }
}
