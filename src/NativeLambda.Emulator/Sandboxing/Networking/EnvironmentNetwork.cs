using System.Net;
using Microsoft.Win32.SafeHandles;
using NativeLambda.Emulator.Processes;

namespace NativeLambda.Emulator.Sandboxing.Networking;

/// <summary>
/// The network of one environment: a namespace with one interface, whose other end is the host's. While the environment is frozen
/// nothing passes in either direction, and nobody is told, as with a paused virtual machine.
/// </summary>
/// <remarks>
/// The environment has a loopback of its own, as on Lambda; only TCP to the ports given is routed to the loopback of the host, where
/// the Runtime API and a local database listen, by a routing rule for each. Addresses are not translated: the host's services see the
/// environment's link-local address, and what they send to it while it is frozen gets no answer. The namespace lives as long as a
/// process in it or the descriptor held here, and takes the interfaces with it: nothing stays when the emulator is killed.
/// </remarks>
internal sealed class EnvironmentNetwork : IDisposable
{
    private const string InnerName = "eth0";
    private const byte HostLoopbackTable = 100;
    private const byte LocalTable = 255;
    private const int PortRules = 1;
    private const int LocalRule = 2;
    private const int NotFound = 2, NoDevice = 19; // ENOENT, ENODEV

    private readonly Netlink _host;
    private readonly Netlink _inner;
    private readonly int _hostIndex;
    private readonly int _innerIndex;
    private bool _blocked;

    private EnvironmentNetwork(SafeFileHandle networkNamespace, Netlink host, Netlink inner, int hostIndex, int innerIndex) =>
        (Namespace, _host, _inner, _hostIndex, _innerIndex) = (networkNamespace, host, inner, hostIndex, innerIndex);

    /// <summary>The namespace, for threads to enter.</summary>
    public SafeFileHandle Namespace { get; }

    /// <summary>Makes the namespace and its interfaces.</summary>
    /// <exception cref="SandboxException">The kernel refuses.</exception>
    public static EnvironmentNetwork Create(Netlink host, LinkAddresses addresses, IReadOnlyCollection<int> hostPorts)
    {
        SafeFileHandle networkNamespace = IsolatedThread.Run(static () =>
        {
            IsolatedThread.Leave(NativeMethods.CloneNewNetwork, "make a network namespace");
            return IsolatedThread.OpenOwn("net");
        });
        try
        {
            LinkAddresses.Pair pair = addresses.Take(name => host.Ask(NetworkRequests.CreatePair(name, InnerName, (int)networkNamespace.DangerousGetHandle())));
            int hostIndex = NativeMethods.InterfaceIndex(pair.Name);
            host.Send(NetworkRequests.AddAddress(hostIndex, pair.Host, LinkAddresses.PrefixLength), $"give {pair.Name} its address");
            host.Send(NetworkRequests.SetUp(hostIndex), $"set {pair.Name} up");
            // What comes in for the host's loopback is let in there and goes nowhere else.
            NetworkSetting.Write(pair.Name, "route_localnet", "1");
            NetworkSetting.Write(pair.Name, "forwarding", "0");
            (Netlink inner, int innerIndex) = IsolatedThread.Run(() =>
            {
                IsolatedThread.Enter(networkNamespace, NativeMethods.CloneNewNetwork);
                return ConfigureInner(pair, hostPorts);
            });
            return new EnvironmentNetwork(networkNamespace, host, inner, hostIndex, innerIndex);
        }
        catch
        {
            networkNamespace.Dispose(); // and the interfaces with it
            throw;
        }
    }

    /// <summary>Lets everything vanish that is sent from now on, in both directions.</summary>
    public void Block()
    {
        _host.Send(NetworkRequests.Block(_hostIndex), "block the environment's network");
        _inner.Send(NetworkRequests.Block(_innerIndex), "block the environment's network");
        _blocked = true;
    }

    /// <summary>Lets the traffic pass again. Harmless when it does.</summary>
    public void Unblock()
    {
        if (!_blocked) return;
        _inner.Send(NetworkRequests.Unblock(_innerIndex), "unblock the environment's network");
        _host.Send(NetworkRequests.Unblock(_hostIndex), "unblock the environment's network");
        _blocked = false;
    }

    /// <summary>Removes the interfaces; no process may be in the namespace any more.</summary>
    public void Dispose()
    {
        _inner.Dispose();
        Namespace.Dispose();
        // The kernel would do it as well, but later.
        if (_host.Ask(NetworkRequests.DeleteLink(_hostIndex)) is var error and not (0 or NoDevice or NotFound))
            throw SandboxException.Of("remove the environment's interface", error);
    }

    private static (Netlink Inner, int Index) ConfigureInner(LinkAddresses.Pair pair, IReadOnlyCollection<int> hostPorts)
    {
        Netlink inner = Netlink.Open();
        int index = NativeMethods.InterfaceIndex(InnerName);
        NetworkSetting.Write("all", "rp_filter", "0");
        NetworkSetting.Write(InnerName, "rp_filter", "0");
        // Answers of the host's loopback come from 127.0.0.1, which is an address of this namespace as well.
        NetworkSetting.Write(InnerName, "route_localnet", "1");
        NetworkSetting.Write(InnerName, "accept_local", "1");
        // A connection that outlives its process holds the namespace until its end is acknowledged or given up, which takes minutes.
        NetworkSetting.Write("tcp_orphan_retries", "1");
        inner.Send(NetworkRequests.SetUp(NativeMethods.InterfaceIndex("lo")), "set the loopback interface up");
        inner.Send(NetworkRequests.AddAddress(index, pair.Inner, LinkAddresses.PrefixLength), "give the environment its address");
        inner.Send(NetworkRequests.SetUp(index), "set the environment's interface up");
        inner.Send(NetworkRequests.AddRoute(IPAddress.Any, 0, pair.Host, pair.Inner, index), "add the default route");
        inner.Send(NetworkRequests.AddRoute(IPAddress.Parse("127.0.0.0"), 8, pair.Host, pair.Inner, index, HostLoopbackTable), "add the route to the host's loopback");
        // The rule for local addresses stands before all others: behind those for the ports with it.
        inner.Send(NetworkRequests.AddRule(LocalRule, LocalTable), "move the rule for local addresses");
        foreach (int port in hostPorts) inner.Send(NetworkRequests.AddPortRule(PortRules, port, HostLoopbackTable), $"route port {port} to the host");
        inner.Send(NetworkRequests.RemoveRule(0, LocalTable), "move the rule for local addresses");
        return (inner, index);
    }
}
