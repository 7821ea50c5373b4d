using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using NativeLambda.Emulator.Processes;

namespace NativeLambda.Emulator.Sandboxing.Networking;

/// <summary>
/// A conversation with the kernel about the network namespace in which it was opened, whatever thread uses it later. It needs no
/// program (<c>ip</c>, <c>tc</c>) and takes microseconds, for it happens at every freeze and thaw.
/// </summary>
internal sealed class Netlink : IDisposable
{
    private const int ErrorOffset = 16; // of struct nlmsgerr in the answer

    private readonly Lock _gate = new();
    private readonly SafeFileHandle _socket;
    private uint _sequence;

    private Netlink(SafeFileHandle socket) => _socket = socket;

    /// <summary>Opens it for the network namespace of the calling thread.</summary>
    public static Netlink Open()
    {
        int socket = NativeMethods.OpenNetlinkSocket();
        return socket >= 0 ? new Netlink(new SafeFileHandle(socket, ownsHandle: true)) : throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    /// <summary>Sends a request and waits for its acknowledgement.</summary>
    /// <exception cref="SandboxException">The kernel refuses; the message says what was asked and why it was refused.</exception>
    public void Send(NetlinkMessage message, string what)
    {
        if (Ask(message) is var error and not 0) throw SandboxException.Of(what, error);
    }

    /// <summary>Sends a request.</summary>
    /// <returns>0, or the errno of the refusal.</returns>
    public unsafe int Ask(NetlinkMessage message)
    {
        lock (_gate)
        {
            byte[] request = message.ToArray(++_sequence);
            Span<byte> answer = stackalloc byte[4096];
            nint count;
            int socket = (int)_socket.DangerousGetHandle();
            fixed (byte* first = request)
                if (NativeMethods.Write(socket, first, (nuint)request.Length) < 0) return Marshal.GetLastPInvokeError();
            fixed (byte* first = answer)
            {
                do count = NativeMethods.Read(socket, first, (nuint)answer.Length);
                while (count < 0 && Marshal.GetLastPInvokeError() == NativeMethods.ErrorInterrupted);
            }
            return count >= ErrorOffset + sizeof(int) ? -BinaryPrimitives.ReadInt32LittleEndian(answer[ErrorOffset..]) : Marshal.GetLastPInvokeError();
        }
    }

    public void Dispose() => _socket.Dispose();
}
