using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using NativeLambda.Emulator.Processes;

namespace NativeLambda.Emulator.Sandboxing;

/// <summary>
/// A mount namespace in which <c>/tmp</c> is the environment's own, of limited size. It outlives the processes in it, as Lambda's
/// does a timeout, but not the emulator, however that ends.
/// </summary>
internal static class PrivateTmp
{
    private const string Directory = "/tmp";

    /// <summary>Makes the namespace.</summary>
    /// <param name="sizeMb">What fits into it.</param>
    /// <param name="visible">Files and directories of the machine's /tmp that stay visible in it.</param>
    /// <exception cref="SandboxException">The kernel refuses.</exception>
    public static SafeFileHandle Create(int sizeMb, IReadOnlyList<string> visible) => IsolatedThread.Run(() =>
    {
        IsolatedThread.Leave(NativeMethods.CloneNewMounts, "make a mount namespace");
        Mount(null, "/", null, NativeMethods.MountRecursive | NativeMethods.MountPrivate, null);
        // Held open, for they are below what is about to be covered.
        SafeFileHandle[] held = [.. visible.Select(OpenPath)];
        Mount("tmpfs", Directory, "tmpfs", NativeMethods.MountNoSetUid | NativeMethods.MountNoDevices,
            string.Create(CultureInfo.InvariantCulture, $"size={sizeMb}m,mode=1777"));
        for (int index = 0; index < held.Length; index++)
        {
            using SafeFileHandle source = held[index];
            string from = string.Create(CultureInfo.InvariantCulture, $"/proc/thread-self/fd/{source.DangerousGetHandle()}");
            if (System.IO.Directory.Exists(from)) System.IO.Directory.CreateDirectory(visible[index]);
            else
            {
                System.IO.Directory.CreateDirectory(Path.GetDirectoryName(visible[index])!);
                File.WriteAllBytes(visible[index], []);
            }
            Mount(from, visible[index], null, NativeMethods.MountBind | NativeMethods.MountRecursive, null);
        }
        return IsolatedThread.OpenOwn("mnt");
    });

    private static SafeFileHandle OpenPath(string path)
    {
        int descriptor = NativeMethods.Open(path, NativeMethods.OpenPath | NativeMethods.OpenCloseOnExec);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw SandboxException.Of($"open {path}", Marshal.GetLastPInvokeError());
    }

    private static void Mount(string? source, string target, string? type, ulong flags, string? options)
    {
        if (NativeMethods.Mount(source, target, type, flags, options) != 0)
            throw SandboxException.Of($"mount {target} for an environment", Marshal.GetLastPInvokeError());
    }
}
