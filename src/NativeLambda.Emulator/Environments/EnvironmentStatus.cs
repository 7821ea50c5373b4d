namespace NativeLambda.Emulator.Environments;

/// <summary>What is known of an environment at the moment, for everybody to read; it tells of each change.</summary>
/// <param name="first">What is known at the beginning.</param>
/// <param name="changed">Called after each change.</param>
internal sealed class EnvironmentStatus(EnvironmentSnapshot first, Action changed)
{
    private readonly Lock _gate = new();
    private EnvironmentSnapshot _snapshot = first;

    public EnvironmentSnapshot Snapshot
    {
        get
        {
            lock (_gate) return _snapshot;
        }
    }

    /// <summary>Whether the environment is being ended, or has been.</summary>
    public bool IsStopping => IsLast(Snapshot.State);

    /// <summary>Changes the state; nothing follows on <see cref="EnvironmentState.Stopping"/> but <see cref="EnvironmentState.Dead"/>.</summary>
    public void Set(EnvironmentState state) => Update(snapshot => snapshot with
    {
        State = IsLast(snapshot.State) && !IsLast(state) ? snapshot.State : state,
        StandsStill = false,
        ProcessId = state is EnvironmentState.Dead or EnvironmentState.Reset ? null : snapshot.ProcessId,
    });

    /// <summary>Changes anything but the state, or the state where that cannot be one of the last.</summary>
    public void Update(Func<EnvironmentSnapshot, EnvironmentSnapshot> change)
    {
        lock (_gate) _snapshot = change(_snapshot);
        changed();
    }

    private static bool IsLast(EnvironmentState state) => state is EnvironmentState.Stopping or EnvironmentState.Dead;
}
