using System.Globalization;
using System.Net;

namespace NativeLambda.Emulator.Sandboxing.Networking;

/// <summary>Gives each environment a pair of link-local addresses that no other environment of the machine has.</summary>
/// <remarks>
/// The kernel is asked who has which: the name of the host's interface says the pair, and no two interfaces have the same name.
/// 169.254.1.0 to 169.254.64.255: far from the addresses under which clouds keep their metadata services (169.254.169.254 and its like).
/// </remarks>
internal sealed class LinkAddresses
{
    /// <summary>Two addresses, no more.</summary>
    public const byte PrefixLength = 31;

    internal const int Pairs = 64 * 128;

    private const int Exists = 17; // EEXIST

    private int _next = Random.Shared.Next(Pairs);

    /// <summary>Takes the next free pair.</summary>
    /// <param name="create">Makes the interface of that name: 0, or the errno of the refusal.</param>
    /// <exception cref="SandboxException">The kernel refuses, or all are taken.</exception>
    public Pair Take(Func<string, int> create)
    {
        for (int attempt = 0; attempt < Pairs; attempt++)
        {
            Pair pair = Of(Interlocked.Increment(ref _next) & (Pairs - 1));
            int error = create(pair.Name);
            if (error == 0) return pair;
            if (error != Exists) throw SandboxException.Of("make a pair of network interfaces", error);
        }
        throw new SandboxException($"all {Pairs} pairs of link-local addresses are taken");
    }

    internal static Pair Of(int index)
    {
        byte third = (byte)(1 + index / 128), fourth = (byte)(index % 128 * 2);
        return new Pair(
            string.Create(CultureInfo.InvariantCulture, $"lambda{index}"),
            new IPAddress([169, 254, third, fourth]), new IPAddress([169, 254, third, (byte)(fourth + 1)]));
    }

    /// <summary>The two ends.</summary>
    /// <param name="Name">The host's interface.</param>
    /// <param name="Host">The host's address.</param>
    /// <param name="Inner">The environment's address.</param>
    internal sealed record Pair(string Name, IPAddress Host, IPAddress Inner);
}
