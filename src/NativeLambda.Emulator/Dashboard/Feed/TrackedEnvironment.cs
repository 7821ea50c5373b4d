using NativeLambda.Emulator.Environments;

namespace NativeLambda.Emulator.Dashboard.Feed;

/// <summary>One environment, its recent phases and what is known of its backend. Guarded by the <see cref="Fleet"/>.</summary>
internal sealed class TrackedEnvironment(string function, EnvironmentSnapshot snapshot)
{
    /// <summary>How many phases are remembered.</summary>
    internal const int KeptSpans = 64;

    private readonly Queue<PhaseSpan> _spans = new();

    public string Function { get; } = function;

    public EnvironmentSnapshot Snapshot { get; private set; } = snapshot;

    public Phase Phase { get; private set; }

    public long PhaseStartUnixMs { get; private set; }

    /// <summary>The backend that serves it; nothing when there is none or none is known.</summary>
    public int? BackendPid { get; private set; }

    /// <summary>Whether it had a backend that is gone, and no other has been seen since.</summary>
    public bool BackendLost { get; private set; }

    /// <summary>How often it has got another backend in place of one that was gone.</summary>
    public int Reopens { get; private set; }

    /// <summary>The version of the fleet at its last change.</summary>
    public long Version { get; private set; }

    /// <summary>The recent phases, oldest first.</summary>
    public IReadOnlyCollection<PhaseSpan> Spans => _spans;

    public void Observe(EnvironmentSnapshot snapshot, long version, long nowUnixMs)
    {
        // Another process: what the last one had is nobody's loss.
        if (snapshot.ProcessId != Snapshot.ProcessId) (BackendPid, BackendLost) = (null, false);
        Snapshot = snapshot;
        Apply(version, nowUnixMs);
    }

    /// <returns>Whether that is news.</returns>
    public bool ObserveBackend(int? pid, long version, long nowUnixMs)
    {
        if (pid == BackendPid && !(BackendLost && pid is not null)) return false;
        bool had = BackendPid is not null || BackendLost;
        if (pid is not null && had) Reopens++;
        BackendLost = pid is null && had && Snapshot.ProcessId is not null;
        BackendPid = pid;
        Apply(version, nowUnixMs);
        return true;
    }

    private void Apply(long version, long nowUnixMs)
    {
        Version = version;
        Phase phase = PhaseRules.Of(Snapshot.State, Snapshot.StandsStill, BackendLost);
        if (_spans.Count > 0 && phase == Phase) return;
        (Phase, PhaseStartUnixMs) = (phase, nowUnixMs);
        _spans.Enqueue(new PhaseSpan(phase, nowUnixMs, version));
        if (_spans.Count > KeptSpans) _spans.Dequeue();
    }
}
