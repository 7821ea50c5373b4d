using NativeLambda.Emulator.Environments;

namespace NativeLambda.Emulator.Dashboard.Feed;

/// <summary>All environments as the dashboard shows them. Whoever reads gets what has changed since a version.</summary>
internal sealed class Fleet(TimeProvider time)
{
    /// <summary>How long a dead environment is shown.</summary>
    internal static readonly TimeSpan DeadShown = TimeSpan.FromSeconds(5);

    /// <summary>How many dead environments are shown at most.</summary>
    internal const int MaxDead = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, TrackedEnvironment> _environments = [];
    private readonly Queue<string> _dead = new(); // in the order of their death
    private readonly List<(string Id, long Version)> _gone = [];
    private long _version;

    /// <summary>Takes note of an environment's state. The read is made here, so that of two at once the later one counts.</summary>
    public void Observe(string function, Func<EnvironmentSnapshot> read)
    {
        lock (_gate)
        {
            EnvironmentSnapshot snapshot = read();
            if (!_environments.TryGetValue(snapshot.Id, out TrackedEnvironment? environment))
            {
                if (snapshot.State == EnvironmentState.Dead) return; // forgotten already
                _environments.Add(snapshot.Id, environment = new TrackedEnvironment(function, snapshot));
            }
            bool died = snapshot.State == EnvironmentState.Dead && environment.Phase != Phase.Dead;
            environment.Observe(snapshot, ++_version, Now());
            if (!died) return;
            _dead.Enqueue(snapshot.Id);
            if (_dead.Count > MaxDead) Forget(_dead.Dequeue());
        }
    }

    /// <summary>Takes note of all backends there are.</summary>
    /// <param name="backends">The backend's process id by that of the environment.</param>
    public void ObserveBackends(IReadOnlyDictionary<string, int> backends)
    {
        lock (_gate)
        {
            foreach ((string id, TrackedEnvironment environment) in _environments)
            {
                int? pid = backends.TryGetValue(id, out int found) ? found : null;
                if (environment.ObserveBackend(pid, _version + 1, Now())) _version++;
            }
        }
    }

    /// <summary>The environments that have processes, with the bootstrap's process id.</summary>
    public IReadOnlyDictionary<string, int> Processes()
    {
        lock (_gate)
            return _environments.Where(static pair => pair.Value.Snapshot.ProcessId is not null)
                .ToDictionary(static pair => pair.Key, static pair => pair.Value.Snapshot.ProcessId!.Value);
    }

    /// <summary>Whether an environment has lost its backend and is about to open another.</summary>
    public bool AnyReopening()
    {
        lock (_gate) return _environments.Values.Any(static environment => environment.Phase == Phase.Reopening);
    }

    /// <summary>The backend of an environment.</summary>
    /// <exception cref="ArgumentException">There is no such environment.</exception>
    public int? BackendOf(string environmentId)
    {
        lock (_gate)
            return _environments.TryGetValue(environmentId, out TrackedEnvironment? environment) && environment.Phase != Phase.Dead
                ? environment.BackendPid
                : throw new ArgumentException($"there is no environment {environmentId}", nameof(environmentId));
    }

    /// <summary>Calls back for every environment that has changed and every one that is gone since a version.</summary>
    /// <returns>The version now.</returns>
    public long Read(long since, Action<TrackedEnvironment> changed, Action<string> gone)
    {
        lock (_gate)
        {
            while (_dead.TryPeek(out string? id) && Now() - _environments[id].PhaseStartUnixMs >= DeadShown.TotalMilliseconds)
                Forget(_dead.Dequeue());
            foreach (TrackedEnvironment environment in _environments.Values)
                if (environment.Version > since) changed(environment);
            foreach ((string id, long version) in _gone)
                if (version > since) gone(id);
            return _version;
        }
    }

    private void Forget(string id)
    {
        _environments.Remove(id);
        _gone.Add((id, ++_version));
        // Whoever is that far behind begins anew.
        if (_gone.Count > 4 * MaxDead) _gone.RemoveRange(0, MaxDead);
    }

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
