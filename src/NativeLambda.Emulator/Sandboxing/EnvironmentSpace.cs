using Microsoft.Win32.SafeHandles;
using NativeLambda.Emulator.Processes;
using NativeLambda.Emulator.Sandboxing.Networking;

namespace NativeLambda.Emulator.Sandboxing;

/// <summary>What the processes of one environment see of files and network, kept from the first of them until the environment's end.</summary>
internal sealed class EnvironmentSpace(SafeFileHandle? mounts, EnvironmentNetwork? network, TmpDirectory? directory) : IDisposable
{
    /// <summary>Starts a process in it.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be started.</exception>
    public ChildProcess Start(ProcessMonitor monitor, SpawnRequest request)
    {
        if (directory is not null) request = directory.AddTo(request);
        if (mounts is null && network is null) return monitor.Start(request);
        return IsolatedThread.Run(() =>
        {
            IsolatedThread.Leave(0, "leave the emulator's working directory");
            if (network is not null) IsolatedThread.Enter(network.Namespace, NativeMethods.CloneNewNetwork);
            if (mounts is not null) IsolatedThread.Enter(mounts, NativeMethods.CloneNewMounts);
            return monitor.Start(request);
        });
    }

    /// <summary>Once the processes stand still: what they sent vanishes, and what is sent to them.</summary>
    public void Freeze() => network?.Block();

    /// <summary>Before the processes go on.</summary>
    public void Thaw() => network?.Unblock();

    public void Dispose()
    {
        network?.Dispose();
        mounts?.Dispose();
        directory?.Dispose();
    }
}
