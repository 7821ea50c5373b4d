using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace NativeLambda.Emulator.Processes;

/// <summary>A child process, leader of a session and process group of its own.</summary>
internal sealed class ChildProcess
{
    private readonly Lock _gate = new();
    private readonly SafeFileHandle _descriptor;
    private readonly TaskCompletionSource<ExitStatus> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _reaped;

    private ChildProcess(int id, SafeFileHandle descriptor, ProcessOutput output, ProcessOutput error, SafeFileHandle? input)
    {
        Id = id;
        _descriptor = descriptor;
        Output = output;
        Error = error;
        Input = input is null ? null : new FileStream(input, FileAccess.Write, bufferSize: 0);
    }

    /// <summary>The process id, which is also that of its session and process group.</summary>
    public int Id { get; }

    /// <summary>Standard input, where it was asked for. Unbuffered.</summary>
    public FileStream? Input { get; }

    /// <summary>Standard output.</summary>
    public ProcessOutput Output { get; }

    /// <summary>Standard error.</summary>
    public ProcessOutput Error { get; }

    /// <summary>Completes when the process has ended and was reaped.</summary>
    public Task<ExitStatus> Exited => _exited.Task;

    internal int Descriptor => (int)_descriptor.DangerousGetHandle();

    /// <summary>Starts the process. Its output is read once it is added to a <see cref="ProcessMonitor"/>.</summary>
    /// <exception cref="Win32Exception">It cannot be started: the errno of exec(2).</exception>
    public static ChildProcess Start(SpawnRequest request)
    {
        (SafeFileHandle outputRead, SafeFileHandle outputWrite) = OpenPipe(nonBlockingRead: true);
        (SafeFileHandle errorRead, SafeFileHandle errorWrite) = OpenPipe(nonBlockingRead: true);
        (SafeFileHandle? inputRead, SafeFileHandle? inputWrite) = request.PipeInput ? OpenPipe(nonBlockingRead: false) : (null, null);
        using (outputWrite)
        using (errorWrite)
        using (inputRead)
        {
            SafeFileHandle? descriptor = null;
            try
            {
                int id = Spawner.Start(request, inputRead, outputWrite, errorWrite);
                descriptor = new SafeFileHandle(Check(NativeMethods.OpenProcessDescriptor(id)), ownsHandle: true);
                return new ChildProcess(
                    id, descriptor, new ProcessOutput(outputRead, request.OutputLine), new ProcessOutput(errorRead, request.ErrorLine), inputWrite);
            }
            catch
            {
                outputRead.Dispose();
                errorRead.Dispose();
                inputWrite?.Dispose();
                descriptor?.Dispose();
                throw;
            }
        }
    }

    /// <summary>Sends a signal to the process alone; nothing once it has ended.</summary>
    public void Signal(int signal) => Send(Id, signal);

    /// <summary>Sends a signal to the process and those of its children that share its process group; nothing once it was reaped.</summary>
    public void SignalGroup(int signal) => Send(-Id, signal);

    /// <summary>Reaps the process if it has ended.</summary>
    /// <returns>Whether it has.</returns>
    internal unsafe bool TryReap()
    {
        int status;
        lock (_gate)
        {
            if (_reaped) return true;
            if (NativeMethods.WaitForProcess(Id, &status, NativeMethods.WaitNoHang) != Id) return false;
            _reaped = true;
        }
        _exited.TrySetResult(ExitStatus.FromWaitStatus(status));
        return true;
    }

    internal void Close()
    {
        Output.Drain();
        Error.Drain();
        Output.Dispose();
        Error.Dispose();
        Input?.Dispose();
        _descriptor.Dispose();
    }

    private void Send(int target, int signal)
    {
        lock (_gate)
        {
            if (!_reaped) _ = NativeMethods.Kill(target, signal);
        }
    }

    private static unsafe (SafeFileHandle Read, SafeFileHandle Write) OpenPipe(bool nonBlockingRead)
    {
        int* ends = stackalloc int[2];
        Check(NativeMethods.Pipe(ends, NativeMethods.OpenCloseOnExec));
        if (nonBlockingRead) Check(NativeMethods.Fcntl(ends[0], NativeMethods.FcntlSetFlags, NativeMethods.OpenNonBlocking));
        return (new SafeFileHandle(ends[0], ownsHandle: true), new SafeFileHandle(ends[1], ownsHandle: true));
    }

    private static int Check(int result) => result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError());
}
