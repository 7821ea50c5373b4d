using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace NativeLambda.Emulator.Processes;

/// <summary>Reads the output of all child processes and notices their end, on one thread.</summary>
/// <remarks>
/// .NET's streams over a child's pipes hold a thread of the pool each while nothing arrives: 600 for 300 environments that sleep.
/// poll(2) over pipes and process descriptors needs one thread for all of them.
/// </remarks>
internal sealed unsafe class ProcessMonitor : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<ChildProcess> _children = [];
    private readonly SafeFileHandle _wakeRead;
    private readonly SafeFileHandle _wakeWrite;
    private readonly Thread _thread;
    private bool _stopping;

    public ProcessMonitor()
    {
        int* ends = stackalloc int[2];
        if (NativeMethods.Pipe(ends, NativeMethods.OpenCloseOnExec | NativeMethods.OpenNonBlocking) != 0)
            throw new System.ComponentModel.Win32Exception(Marshal.GetLastPInvokeError());
        _wakeRead = new SafeFileHandle(ends[0], ownsHandle: true);
        _wakeWrite = new SafeFileHandle(ends[1], ownsHandle: true);
        _thread = new Thread(Run) { IsBackground = true, Name = "process monitor" };
        _thread.Start();
    }

    /// <summary>Starts a process and watches it.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be started.</exception>
    public ChildProcess Start(SpawnRequest request)
    {
        ChildProcess child = ChildProcess.Start(request);
        lock (_gate) _children.Add(child);
        Wake();
        return child;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_stopping) return;
            _stopping = true;
        }
        Wake();
        _thread.Join();
        _wakeRead.Dispose();
        _wakeWrite.Dispose();
    }

    private void Wake()
    {
        byte one = 1;
        _ = NativeMethods.Write((int)_wakeWrite.DangerousGetHandle(), &one, 1);
    }

    private void Run()
    {
        while (true)
        {
            ChildProcess[] children;
            lock (_gate)
            {
                if (_stopping) return;
                children = [.. _children];
            }
            var descriptors = new NativeMethods.PollDescriptor[1 + 3 * children.Length];
            descriptors[0] = Readable((int)_wakeRead.DangerousGetHandle());
            for (int index = 0; index < children.Length; index++)
            {
                descriptors[1 + 3 * index] = Readable(children[index].Descriptor);
                descriptors[2 + 3 * index] = Readable(children[index].Output.Descriptor);
                descriptors[3 + 3 * index] = Readable(children[index].Error.Descriptor);
            }
            fixed (NativeMethods.PollDescriptor* first = descriptors)
                _ = NativeMethods.Poll(first, (nuint)descriptors.Length, -1);
            if (descriptors[0].ReturnedEvents != 0) EmptyWakePipe();
            for (int index = 0; index < children.Length; index++)
            {
                if (descriptors[2 + 3 * index].ReturnedEvents != 0) children[index].Output.Drain();
                if (descriptors[3 + 3 * index].ReturnedEvents != 0) children[index].Error.Drain();
                if (descriptors[1 + 3 * index].ReturnedEvents != 0) Ended(children[index]);
            }
        }
    }

    private void Ended(ChildProcess child)
    {
        // What it wrote before its end is read first, so that it stands before the line that tells of the end.
        child.Output.Drain();
        child.Error.Drain();
        // Until it is reaped its id, and so that of its group, belongs to nobody else: the last moment to kill those it left behind.
        child.SignalGroup(NativeMethods.SigKill);
        if (!child.TryReap()) return;
        lock (_gate) _children.Remove(child);
        child.Close();
    }

    private void EmptyWakePipe()
    {
        byte* buffer = stackalloc byte[64];
        while (NativeMethods.Read((int)_wakeRead.DangerousGetHandle(), buffer, 64) > 0) { }
    }

    private static NativeMethods.PollDescriptor Readable(int descriptor) => new() { Descriptor = descriptor, Events = NativeMethods.PollIn };
}
