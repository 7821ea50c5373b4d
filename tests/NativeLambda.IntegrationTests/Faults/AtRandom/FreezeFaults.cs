using NativeLambda.Trials.Soak.Planning;

namespace NativeLambda.IntegrationTests.Faults.AtRandom;

/// <summary>Which fault is drawn, and what each may cost.</summary>
internal static class FreezeFaults
{
    /// <summary>F1 to F6 equally often. Of a server that hangs most goes on in time: the others cost a whole timeout each.</summary>
    private static readonly FreezeFault[][] Families =
    [
        [FreezeFault.Terminated],
        [FreezeFault.RestartedFast, FreezeFault.RestartedImmediate],
        [FreezeFault.IdleTimeout],
        [FreezeFault.Reset],
        [FreezeFault.SilentDrop],
        [
            FreezeFault.HungAtThaw, FreezeFault.HungAtThaw, FreezeFault.HungUntilReplaced, FreezeFault.HungUntilReplaced,
            FreezeFault.HungThroughout, FreezeFault.Down,
        ],
    ];

    /// <summary>The faults of a run: a pure function of its seed.</summary>
    public static IEnumerable<FreezeFault> Draw(ulong seed, int freezes)
    {
        var random = new SeededRandom(seed, stream: 0);
        for (int freeze = 0; freeze < freezes; freeze++)
        {
            FreezeFault[] family = Families[random.Below(Families.Length)];
            yield return family[random.Below(family.Length)];
        }
    }

    /// <summary>Whether the server is still away when the deadline comes: the only excuse for a 503.</summary>
    public static bool IsAwayTooLong(this FreezeFault fault) => fault is FreezeFault.HungThroughout or FreezeFault.Down;

    /// <summary>Whether the kernel knows that the connection is dead, so that the thaw check finds it without a round trip.</summary>
    public static bool IsKnownToTheKernel(this FreezeFault fault) =>
        fault is FreezeFault.Terminated or FreezeFault.RestartedFast or FreezeFault.RestartedImmediate or FreezeFault.IdleTimeout
            or FreezeFault.Reset or FreezeFault.Down;

    /// <summary>How many connections the invocation after the freeze opens.</summary>
    public static (int Least, int Most) Opens(this FreezeFault fault) => fault switch
    {
        _ when fault.IsAwayTooLong() => (0, 0),
        // The ping is answered when the server goes on in time.
        FreezeFault.HungAtThaw => (0, 1),
        _ => (1, 1),
    };
}
