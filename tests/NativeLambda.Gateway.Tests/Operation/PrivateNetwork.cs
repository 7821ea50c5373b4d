using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace NativeLambda.Gateway.Tests.Operation;

/// <summary>A network namespace of a process alone, where addresses that the machine does not have, such as those of AWS's metadata, are on its loopback.</summary>
internal static partial class PrivateNetwork
{
    private const int NewNet = 0x40000000; // CLONE_NEWNET

    /// <summary>The command that becomes another one in a new namespace with these addresses; it takes root and iproute2.</summary>
    public static IReadOnlyList<string> Launcher(params IPAddress[] addresses)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "A network namespace takes root.");
        Assert.SkipWhen(InstalledProgram.Find("ip") is null, "ip (iproute2) is missing.");
        string script = $"ip link set lo up && {string.Concat(addresses.Select(static address => $"ip address add {address}/32 dev lo && "))}exec \"$@\"";
        return ["unshare", "--net", "/bin/sh", "-c", script, "sh"];
    }

    /// <summary>Listens at an address in the namespace of a process. The socket stays there; who uses it need not be.</summary>
    public static Socket Listen(int pid, IPEndPoint at)
    {
        Socket? socket = null;
        Exception? failure = null;
        // A thread that ends: a namespace is a thread's, and threads that it begins would be in it as well.
        var thread = new Thread(() =>
        {
            try
            {
                using SafeFileHandle network = File.OpenHandle($"/proc/{pid}/ns/net");
                if (SetNamespace(network, NewNet) != 0) throw new Win32Exception();
                socket = TestSockets.Listen(at);
            }
#pragma warning disable CA1031 // It is thrown below.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                failure = exception;
            }
        });
        thread.Start();
        thread.Join();
        return socket ?? throw new IOException($"nobody can listen at {at}", failure);
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(SafeFileHandle handle, int kind);
}
