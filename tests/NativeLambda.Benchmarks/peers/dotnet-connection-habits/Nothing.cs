using NativeLambda.Database;

namespace NativeLambda.Peers;

/// <summary>What a peer knows about its connection; no route that is measured asks for it.</summary>
internal static class Nothing
{
    public static readonly ConnectionFacts Known = new()
    {
        BackendPid = 0, OpenedAt = default, Opens = 0, Invocations = 0, ReusedFor = 0, Gap = default, Check = default, OpenDuration = default, InitDuration = default,
    };
}
