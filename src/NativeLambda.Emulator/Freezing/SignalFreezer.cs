using System.ComponentModel;
using System.Runtime.InteropServices;
using NativeLambda.Emulator.Processes;

namespace NativeLambda.Emulator.Freezing;

/// <summary>Freezes by SIGSTOP to every process of the environment's session, where no control group may be made.</summary>
/// <remarks>A process that starts a session of its own escapes it, as none does that was not written to.</remarks>
internal sealed class SignalFreezer : IFreezer
{
    private int _session;

    public FreezeMethod Method => FreezeMethod.Signal;

    public IReadOnlyList<string> MembershipFiles => [];

    public void Attach(int processId) => _session = processId;

    public async Task FreezeAsync(CancellationToken cancellation)
    {
        // Anew at each look: a process that was just forking has a child that the look before did not see.
        bool stopped = await KernelWait.UntilAsync(
            () =>
            {
                bool all = true;
                foreach (int process in SessionProcesses.Living(_session))
                {
                    if (SessionProcesses.IsStopped(process)) continue;
                    all = false;
                    Send(process, NativeMethods.SigStop);
                }
                return all;
            },
            cancellation);
        if (!stopped) throw new FreezeException($"session {_session} does not stop");
    }

    public void Thaw()
    {
        foreach (int process in SessionProcesses.Living(_session)) Send(process, NativeMethods.SigContinue);
    }

    public bool IsFrozen()
    {
        IReadOnlyList<int> processes = SessionProcesses.Living(_session);
        return processes.Count > 0 && processes.All(SessionProcesses.IsStopped);
    }

    public async Task KillAsync()
    {
        if (_session == 0) return;
        bool empty = await KernelWait.UntilAsync(() =>
        {
            IReadOnlyList<int> processes = SessionProcesses.Living(_session);
            foreach (int process in processes) Send(process, NativeMethods.SigKill);
            return processes.Count == 0;
        });
        if (!empty) throw new FreezeException($"processes of session {_session} survive SIGKILL");
        _session = 0;
    }

    public async ValueTask DisposeAsync() => await KillAsync();

    private static void Send(int process, int signal)
    {
        if (NativeMethods.Kill(process, signal) != 0 && Marshal.GetLastPInvokeError() != NativeMethods.ErrorNoProcess)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
    }
}
