using System.Runtime.InteropServices;

namespace NativeLambda.Emulator.Processes;

/// <summary>The calls into libc and the kernel, each with its reason and side effects.</summary>
internal static unsafe partial class NativeMethods
{
    internal const int SigKill = 9;
    internal const int SigTerm = 15;
    internal const int SigContinue = 18;
    internal const int SigStop = 19;

    internal const int ErrorNoProcess = 3; // ESRCH
    internal const int ErrorInterrupted = 4; // EINTR
    internal const int ErrorAgain = 11; // EAGAIN

    internal const short PollIn = 0x001;
    internal const short PollError = 0x008;
    internal const short PollHangUp = 0x010;

    internal const int OpenCloseOnExec = 0x80000; // O_CLOEXEC
    internal const int OpenNonBlocking = 0x800; // O_NONBLOCK
    internal const int FcntlSetFlags = 4; // F_SETFL
    internal const int WaitNoHang = 1; // WNOHANG

    internal const short SpawnSetSignalDefaults = 0x04;
    internal const short SpawnSetSignalMask = 0x08;
    internal const short SpawnSetSession = 0x80;

    /// <summary>More than sizeof(posix_spawnattr_t), posix_spawn_file_actions_t and sigset_t of glibc and musl.</summary>
    internal const int OpaqueSize = 512;

    internal const int OpenPath = 0x200000; // O_PATH

    internal const int CloneFileSystem = 0x200; // CLONE_FS: root and working directory
    internal const int CloneNewMounts = 0x20000; // CLONE_NEWNS
    internal const int CloneNewNetwork = 0x40000000; // CLONE_NEWNET

    internal const ulong MountNoSetUid = 0x2; // MS_NOSUID
    internal const ulong MountNoDevices = 0x4; // MS_NODEV
    internal const ulong MountBind = 0x1000; // MS_BIND
    internal const ulong MountRecursive = 0x4000; // MS_REC
    internal const ulong MountPrivate = 0x40000; // MS_PRIVATE

    private const int SystemCallPidFdOpen = 434;
    private const int FamilyNetlink = 16; // AF_NETLINK
    private const int SocketRaw = 3; // SOCK_RAW

    [StructLayout(LayoutKind.Sequential)]
    internal struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short ReturnedEvents;
    }

    /// <summary>
    /// posix_spawn(3). Process.Start can neither start a session, nor give exactly the environment wanted, nor reset the signals
    /// that .NET ignores (SIGPIPE) and that a bootstrap would inherit. Returns an errno, and that of a failed exec, too.
    /// </summary>
    [LibraryImport("libc", EntryPoint = "posix_spawn", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Spawn(
        out int processId, string path, void* fileActions, void* attributes, byte** arguments, byte** environment);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    internal static partial int SpawnAttributesInit(void* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    internal static partial int SpawnAttributesDestroy(void* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    internal static partial int SpawnAttributesSetFlags(void* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    internal static partial int SpawnAttributesSetSignalDefaults(void* attributes, void* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    internal static partial int SpawnAttributesSetSignalMask(void* attributes, void* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    internal static partial int SpawnFileActionsInit(void* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    internal static partial int SpawnFileActionsDestroy(void* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    internal static partial int SpawnFileActionsAddDuplicate(void* actions, int descriptor, int target);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SpawnFileActionsAddOpen(void* actions, int descriptor, string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addchdir_np", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SpawnFileActionsAddChangeDirectory(void* actions, string path);

    [LibraryImport("libc", EntryPoint = "sigfillset")]
    internal static partial int SignalSetFill(void* signals);

    [LibraryImport("libc", EntryPoint = "sigemptyset")]
    internal static partial int SignalSetEmpty(void* signals);

    /// <summary>pipe2(2), to make both ends close-on-exec at once: no environment may hold another's pipe open.</summary>
    [LibraryImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    internal static partial int Pipe(int* descriptors, int flags);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    internal static partial int Fcntl(int descriptor, int command, int argument);

    /// <summary>read(2) of a non-blocking pipe, which .NET's streams do not offer.</summary>
    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    internal static partial nint Read(int descriptor, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    internal static partial nint Write(int descriptor, byte* buffer, nuint count);

    /// <summary>poll(2) over the pipes and process descriptors of all environments, so that one thread serves them all.</summary>
    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    internal static partial int Poll(PollDescriptor* descriptors, nuint count, int timeoutMs);

    /// <summary>kill(2). A negative id is a process group.</summary>
    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    internal static partial int Kill(int processId, int signal);

    /// <summary>getsid(2): the session of a process, or -1 when there is no such process. Of anybody's, without privilege.</summary>
    [LibraryImport("libc", EntryPoint = "getsid")]
    internal static partial int GetSession(int processId);

    /// <summary>waitpid(2): reaps the child, after which its id may belong to another process.</summary>
    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    internal static partial int WaitForProcess(int processId, int* status, int options);

    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Access(string path, int mode);

    /// <summary>open(2), for O_PATH, which .NET does not offer: a file or directory that can be mounted once it is covered.</summary>
    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Open(string path, int flags);

    /// <summary>unshare(2): gives the calling thread, and who is started by it, namespaces of its own.</summary>
    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    internal static partial int Unshare(int kinds);

    /// <summary>setns(2): moves the calling thread into a namespace.</summary>
    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    internal static partial int SetNamespace(int descriptor, int kind);

    /// <summary>mount(2), in the mount namespace of the calling thread.</summary>
    [LibraryImport("libc", EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Mount(string? source, string target, string? type, ulong flags, string? options);

    /// <summary>if_nametoindex(3), in the network namespace of the calling thread; 0 when there is no such interface.</summary>
    [LibraryImport("libc", EntryPoint = "if_nametoindex", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int InterfaceIndex(string name);

    /// <summary>socket(2) for rtnetlink(7), which belongs to the network namespace of the calling thread for good.</summary>
    internal static int OpenNetlinkSocket() => OpenSocket(FamilyNetlink, SocketRaw | OpenCloseOnExec, 0);

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int OpenSocket(int family, int type, int protocol);

    /// <summary>pidfd_open(2), Linux 5.3: a descriptor that polls readable when the process has ended.</summary>
    internal static int OpenProcessDescriptor(int processId) => (int)SystemCall(SystemCallPidFdOpen, processId, 0);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long SystemCall(long number, long first, long second);
}
