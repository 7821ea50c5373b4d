using NativeLambda.Telemetry;

namespace NativeLambda.Database;

/// <summary>Knows when to ask the server how full it is, and what its last answer means for the connection.</summary>
internal sealed class PressureGauge(DatabaseSettings settings, StartupGuards guards, TimeProvider time, LambdaLog log, LifetimeTelemetry telemetry)
{
    /// <summary>How long a refusal is remembered: whoever had to wait for a slot leaves it sooner to who waits now.</summary>
    private static readonly TimeSpan RefusalCounts = TimeSpan.FromMinutes(1);

    private string? _statement;
    private bool _statementClosesIdle;
    private Pressure? _last;
    private ServerLoad _load;
    private LifetimeMoment _asked;
    private LifetimeMoment? _refused;
    private bool _openWasRefused;

    /// <summary>Whether the connection is to be closed before the freeze.</summary>
    public bool AsksForRelease => _last == Pressure.Release;

    /// <summary>
    /// Whether the connection is to be closed before the freeze without a question and without cleaning it: it was refused a slot
    /// a moment ago, others wait as it did, and each round trip keeps them waiting.
    /// </summary>
    public bool ReleasesUnasked => _openWasRefused && !guards.IsPooler && WasRefused;

    /// <summary>A new connection has not asked yet.</summary>
    /// <param name="wasRefused">Whether the server had no slot for it at first.</param>
    public void Opened(bool wasRefused)
    {
        _last = null;
        _asked = LifetimeMoment.Now(time);
        _openWasRefused = wasRefused;
        if (wasRefused)
            _refused = _asked;
    }

    /// <summary>The statement that asks, where it is due.</summary>
    /// <param name="roundTrip">Whether take-back makes a round trip anyway.</param>
    public string? Question(bool roundTrip)
    {
        // A pooler's clients cost the server nothing, and what it would answer is about the pooler's own sessions.
        if (guards.IsPooler || !PressurePolicy.IsDue(_last, _asked.ElapsedUntilNow(time), roundTrip, settings.Pressure))
            return null;
        if (_statement is null || _statementClosesIdle != guards.ServerClosesIdle)
        {
            _statementClosesIdle = guards.ServerClosesIdle;
            _statement = LoadStatement.Create(settings.Server, settings.Pressure, _statementClosesIdle);
        }

        return _statement;
    }

    /// <summary>Takes the answer.</summary>
    /// <param name="answer">The answer; <see langword="null"/> when nothing was asked.</param>
    /// <param name="sessionPid">The backend that the session was opened on.</param>
    public void Read(ServerLoad? answer, int sessionPid)
    {
        if (answer is not { } load)
            return;
        _asked = LifetimeMoment.Now(time);
        _load = load;
        guards.LearnFrom(load, sessionPid);
        Pressure? before = _last;
        _last = guards.IsPooler ? Pressure.None : PressurePolicy.Decide(load, settings.Pressure, guards.ServerClosesIdle, WasRefused);
        if (load.Evicted > 0)
            telemetry.Evicted(load);
        if (before is not null && before != _last && log.IsEnabled(LogLevel.Debug))
            log.Write(LogLevel.Debug, $"Pressure on the server: {_last}, {this}.");
    }

    private bool WasRefused => settings.Pressure.ReleaseAt <= 1 && _refused is { } refused && refused.ElapsedUntilNow(time) <= RefusalCounts;

    /// <summary>How full the server was, for the log.</summary>
    public override string ToString() => $"{_load.Used} of {_load.Slots} slots are in use";
}
