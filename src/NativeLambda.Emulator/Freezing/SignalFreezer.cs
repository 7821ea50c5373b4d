using System.Collections.Concurrent;
using System.ComponentModel;
using System.Runtime.InteropServices;
using NativeLambda.Emulator.Processes;

namespace NativeLambda.Emulator.Freezing;

/// <summary>Freezes by SIGSTOP to every process of the environment's sessions, where no control group may be made.</summary>
/// <remarks>A process that starts a session of its own escapes it, as none does that was not written to.</remarks>
internal sealed class SignalFreezer : IFreezer
{
    private const int LooksBeforeHeld = 50; // tens of milliseconds: other waits of that kind are over by then

    private readonly ConcurrentDictionary<int, byte> _sessions = []; // the bootstrap's, and one for each extension
    private readonly HashSet<int> _stopped = []; // by this freezer, since the last thaw
    private HashSet<int> _known = []; // the processes that were found last

    public FreezeMethod Method => FreezeMethod.Signal;

    public IReadOnlyList<string> MembershipFiles => [];

    public void Attach(int processId)
    {
        _sessions[processId] = 0;
        _known.Add(processId);
    }

    public async Task FreezeAsync(CancellationToken cancellation)
    {
        int looks = 0;
        bool stopped = await KernelWait.UntilAsync(
            () =>
            {
                if (!StopKnown(heldIsEnough: ++looks > LooksBeforeHeld)) return false;
                // Whoever was just forking has a child, which is found now that the parent can fork no more; then the child's child.
                HashSet<int> found = [.. SessionProcesses.Of(_sessions.Keys)];
                bool nobodyNew = found.IsSubsetOf(_known);
                _known = found;
                return nobodyNew;
            },
            cancellation);
        if (!stopped) throw new FreezeException($"sessions {string.Join(", ", _sessions.Keys)} do not stop");
    }

    public void Thaw()
    {
        // Not who had stopped before: a child that the function itself has stopped stays so, as with control groups.
        foreach (int process in _stopped)
            if (SessionProcesses.Includes(_sessions.Keys, process)) Send(process, NativeMethods.SigContinue);
        _stopped.Clear();
    }

    public async Task KillAsync()
    {
        if (_sessions.IsEmpty) return;
        bool empty = await KernelWait.UntilAsync(() =>
        {
            int[] living = [.. SessionProcesses.Of(_sessions.Keys).Where(SessionProcesses.IsAlive)];
            foreach (int process in living) Send(process, NativeMethods.SigKill);
            return living.Length == 0;
        });
        if (!empty) throw new FreezeException($"processes of sessions {string.Join(", ", _sessions.Keys)} survive SIGKILL");
        _sessions.Clear();
        _known.Clear();
        _stopped.Clear();
    }

    public async ValueTask DisposeAsync() => await KillAsync();

    /// <summary>Sends SIGSTOP to those of the known processes that run.</summary>
    /// <param name="heldIsEnough">Whether those count as stopped that will stop before they run.</param>
    /// <returns>Whether none of them did.</returns>
    private bool StopKnown(bool heldIsEnough)
    {
        bool all = true;
        foreach (int process in _known)
        {
            if (!SessionProcesses.Includes(_sessions.Keys, process) || SessionProcesses.IsStopped(process)) continue;
            if (heldIsEnough && _stopped.Contains(process) && SessionProcesses.IsHeld(process)) continue;
            all = false;
            _stopped.Add(process);
            Send(process, NativeMethods.SigStop); // again at each look: another one, which still runs, may send SIGCONT
        }
        return all;
    }

    private static void Send(int process, int signal)
    {
        if (NativeMethods.Kill(process, signal) != 0 && Marshal.GetLastPInvokeError() != NativeMethods.ErrorNoProcess)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
    }
}
