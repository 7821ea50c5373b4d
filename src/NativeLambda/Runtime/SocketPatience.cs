using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace NativeLambda.Runtime;

/// <summary>
/// Lets a read wait in the kernel, on the thread that asks for it, before .NET turns to epoll and to other threads. In a program that
/// is linked without <c>Native/socket_patience.c</c>, as under the JIT, it does nothing.
/// </summary>
/// <remarks>
/// An environment runs one invocation at a time and has nothing else to do while the server answers. Woken through epoll and the thread
/// pool, each answer costs three context switches; a cold start makes the epoll thread and several of the pool's besides, whose members
/// spin while they wait. Measured: 1.7 ms of 13 of a cold start's CPU, and half of a warm invocation's.
/// <para>The limits are those after which all goes on as without: the read is registered, and tokens and deadlines end it.</para>
/// </remarks>
internal static partial class SocketPatience
{
    /// <summary>While Init runs: a round trip of the handshake across availability zones and the server's work for it.</summary>
    private const int InitMs = 20;

    /// <summary>
    /// In an invocation: a statement of some rows. What a handler does side by side with a statement begins this much later at most.
    /// </summary>
    private const int DatabaseMs = 5;

    private const int Forever = -1;
    private const int Nobody = -1;

    /// <summary>Whether the program is linked for it: NativeLambda.targets says so.</summary>
    [FeatureSwitchDefinition("NativeLambda.SocketPatience")]
    private static bool IsLinked => AppContext.TryGetSwitch("NativeLambda.SocketPatience", out bool isLinked) && isLinked;

    /// <summary>Whether reads wait at all: not where several lanes share the threads.</summary>
    public static bool IsOn { get; private set; }

    /// <summary>From now on any socket is waited for.</summary>
    public static void BeginInit()
    {
        if (!IsLinked)
            return;
        IsOn = true;
        Set(Slot.Any, Nobody, InitMs);
    }

    /// <summary>From now on only those that were named are.</summary>
    public static void EndInit()
    {
        if (IsOn)
            Set(Slot.Any, Nobody, 0);
    }

    /// <summary>The loop has nothing to do but to wait for an invocation, for ever; shutdown(2) ends that.</summary>
    public static void ForRuntimeApi(Socket? socket)
    {
        if (IsOn)
            Set(Slot.RuntimeApi, socket is null ? Nobody : (int)socket.Handle, socket is null ? 0 : Forever);
    }

    public static void ForDatabase(Socket? socket)
    {
        if (IsOn)
            Set(Slot.Database, socket is null ? Nobody : (int)socket.Handle, socket is null ? 0 : DatabaseMs);
    }

    /// <summary>nativelambda_patience_set of <c>Native/socket_patience.c</c>. The socket must be forgotten before it is closed.</summary>
    [LibraryImport("nativelambda", EntryPoint = "nativelambda_patience_set")]
    private static partial void Set(Slot slot, int descriptor, int milliseconds);

    private enum Slot
    {
        Any,
        RuntimeApi,
        Database,
    }
}
