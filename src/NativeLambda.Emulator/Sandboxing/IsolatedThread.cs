using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using NativeLambda.Emulator.Processes;

namespace NativeLambda.Emulator.Sandboxing;

/// <summary>
/// Runs something on a thread that may change its namespaces, for it ends right after: a thread of the pool would carry them on to
/// whatever comes next. A process started there begins in them, without a helper program.
/// </summary>
/// <remarks>Nothing that would load an assembly belongs there: in the other mount namespace its file may not be visible.</remarks>
internal static class IsolatedThread
{
    /// <summary>Runs the work and returns when the thread has ended; its exceptions are thrown here.</summary>
    public static T Run<T>(Func<T> work)
    {
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                result = work();
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception); // thrown where it belongs, below
            }
        })
        { IsBackground = true, Name = "isolated" };
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;
    }

    /// <summary>Leaves the process's namespaces of these kinds for new ones.</summary>
    /// <exception cref="SandboxException">The kernel refuses.</exception>
    public static void Leave(int kinds, string what)
    {
        // Threads share root and working directory, which a thread in another mount namespace must not.
        if (NativeMethods.Unshare(kinds | NativeMethods.CloneFileSystem) != 0) throw SandboxException.Of(what, Marshal.GetLastPInvokeError());
    }

    /// <summary>Enters a namespace that somebody has made.</summary>
    /// <exception cref="SandboxException">The kernel refuses.</exception>
    public static void Enter(SafeFileHandle space, int kind)
    {
        if (NativeMethods.SetNamespace((int)space.DangerousGetHandle(), kind) != 0)
            throw SandboxException.Of("enter the environment's namespace", Marshal.GetLastPInvokeError());
    }

    /// <summary>Holds a namespace of the calling thread, which lives on as long as that.</summary>
    public static SafeFileHandle OpenOwn(string kind) => File.OpenHandle($"/proc/thread-self/ns/{kind}");
}
