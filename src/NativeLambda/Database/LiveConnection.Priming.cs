namespace NativeLambda.Database;

/// <content>Lending: for priming in Init, which is nobody's invocation, and what a handler is told.</content>
public sealed partial class LiveConnection
{
    /// <summary>
    /// Whether there is a connection to prime the handler with: an open one, for whose slot it had not to wait: others wait for
    /// theirs then, and each round trip keeps them waiting.
    /// </summary>
    internal bool MayPrime => _state == LifetimeState.Idle && !_pressure.ReleasesUnasked;

    /// <inheritdoc cref="LifetimeSettings.InitBudget"/>
    internal TimeSpan InitBudget => _settings.InitBudget;

    /// <summary>Lends the connection in Init, where it was opened a moment ago. That is no invocation, and counts as none.</summary>
    internal Loan LendForPriming()
    {
        Move(LifetimeEvent.HandlerStarted);
        return new Loan(_session!.Connection, Facts(ConnectionCheck.None, TimeSpan.Zero));
    }

    /// <summary>What a handler is told of the connection that it is lent.</summary>
    private ConnectionFacts Facts(ConnectionCheck check, TimeSpan gap) => new()
    {
        BackendPid = _session!.BackendPid,
        OpenedAt = _opened.WallClock,
        Opens = _opens,
        Invocations = _invocations,
        ReusedFor = _reusedFor,
        Gap = gap,
        Check = check,
        OpenDuration = _openDuration,
        InitDuration = InitDuration,
    };
}
