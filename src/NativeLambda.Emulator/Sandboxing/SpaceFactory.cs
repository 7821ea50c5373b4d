using System.Globalization;
using Microsoft.Win32.SafeHandles;
using NativeLambda.Emulator.Environments;
using NativeLambda.Emulator.Freezing;
using NativeLambda.Emulator.Processes;
using NativeLambda.Emulator.Sandboxing.Networking;

namespace NativeLambda.Emulator.Sandboxing;

/// <summary>Makes what environments see of files and network, as far as this machine allows.</summary>
internal sealed class SpaceFactory : IDisposable
{
    private readonly Netlink? _host;
    private readonly IReadOnlyList<int> _hostPorts;
    private readonly LinkAddresses _addresses = new();
    private readonly bool _canMount;
    private readonly string _directories;

    private SpaceFactory(Netlink? host, IReadOnlyList<int> hostPorts, bool canMount, string directories) =>
        (_host, _hostPorts, _canMount, _directories) = (host, hostPorts, canMount, directories);

    /// <summary>The directory of temporary files where environments cannot have a /tmp of their own; made when it is needed.</summary>
    public string? Directory => _canMount ? null : _directories;

    /// <summary>Finds out what can be done here, and clears what emulators that died left behind.</summary>
    /// <exception cref="SandboxException">The network is to be isolated, and cannot be.</exception>
    public static SpaceFactory Create(bool isolateNetwork, IReadOnlyList<int> hostPorts)
    {
        int mounts = Try(NativeMethods.CloneNewMounts);
        if (isolateNetwork && WhyNoNetwork() is { } reason) throw new SandboxException(reason);
        string parent = Path.GetTempPath();
        CgroupLeftovers.RemoveDirectories(parent);
        return new SpaceFactory(
            isolateNetwork ? Netlink.Open() : null, hostPorts, canMount: mounts == 0, Path.Combine(parent, CgroupLeftovers.NewName()));
    }

    /// <summary>Why the network cannot be isolated here; nothing when it can, as far as one can see without making one.</summary>
    public static string? WhyNoNetwork() => Try(NativeMethods.CloneNewNetwork) is var error and not 0
        ? SandboxException.Of("isolate the network of environments", error).Message
        : null;

    /// <summary>Makes the space of an environment.</summary>
    /// <exception cref="SandboxException">The kernel refuses.</exception>
    public EnvironmentSpace CreateSpace(string environmentId, FunctionSettings function, int runtimeApiPort)
    {
        EnvironmentNetwork? network = _host is null
            ? null
            : EnvironmentNetwork.Create(_host, _addresses, [.. _hostPorts.Append(runtimeApiPort).Concat(DatabasePort(function)).Distinct()]);
        try
        {
            if (function.EphemeralStorageMb == 0) return new EnvironmentSpace(null, network, null);
            if (!_canMount) return new EnvironmentSpace(null, network, new TmpDirectory(Path.Combine(_directories, environmentId)));
            SafeFileHandle mounts = PrivateTmp.Create(
                function.EphemeralStorageMb, VisiblePaths.Find(function.Bootstrap, function.Variables.Values));
            return new EnvironmentSpace(mounts, network, null);
        }
        catch
        {
            network?.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _host?.Dispose();
        if (System.IO.Directory.Exists(_directories)) System.IO.Directory.Delete(_directories, recursive: true);
    }

    private static IEnumerable<int> DatabasePort(FunctionSettings function)
    {
        if (function.Variables.TryGetValue("PGPORT", out string? text) && ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
            yield return port;
    }

    /// <summary>Tries on a thread that does nothing else whether a namespace may be made: 0, or the errno.</summary>
    private static int Try(int kind) => IsolatedThread.Run(() =>
        NativeMethods.Unshare(kind | NativeMethods.CloneFileSystem) == 0 ? 0 : System.Runtime.InteropServices.Marshal.GetLastPInvokeError());
}
