using NativeLambda.Runtime;
using NativeLambda.Telemetry;
using NativeLambda.Telemetry.Lifetime;
using Npgsql;

namespace NativeLambda.Database;

/// <summary>
/// The one connection of an execution environment: opened in Init, checked when an invocation arrives, lent to the handler,
/// taken back and cleaned before the freeze, replaced when it is or may be dead.
/// </summary>
/// <remarks>
/// What to do is decided by tables without I/O (<see cref="ThawPolicy"/>, <see cref="TakeBackPolicy"/>, <see cref="LifetimeTransitions"/>);
/// this type acts on them. It is used by one invocation at a time.
/// </remarks>
public sealed partial class LiveConnection : IAsyncDisposable
{
    private readonly ISessionFactory _factory;
    private readonly SessionOpener _opener;
    private readonly LifetimeSettings _settings;
    private readonly StartupGuards _guards;
    private readonly PressureGauge _pressure;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly LambdaLog _log;
    private readonly TraceLabel? _label;

    private LifetimeState _state = LifetimeState.Absent;
    private ISession? _session;
    private LifetimeMoment _opened;
    private LifetimeMoment _lastGood;
    private TimeSpan _openDuration;
    private TimeSpan _maxAge;
    private bool _suspect;
    private bool _misplaced;
    private bool _isLabelled;
    private int _opens;
    private long _invocations;
    private long _reusedFor;

    internal LiveConnection(
        DatabaseSettings settings, StartupGuards guards, ISessionFactory factory, TimeProvider time, Random random, LambdaLog log)
    {
        _factory = factory;
        _guards = guards;
        Telemetry = new LifetimeTelemetry(settings.Telemetry, log, time);
        _label = settings.Telemetry.TracesSession ? new TraceLabel(settings.Connection.ApplicationName) : null;
        _pressure = new PressureGauge(settings, guards, time, log, Telemetry);
        _opener = new SessionOpener(factory, settings, time, random, log);
        _settings = settings.Lifetime;
        IsWriterWanted = settings.Connection.IsWriterWanted;
        _time = time;
        _random = random;
        _log = log;
    }

    /// <summary>Where the connection is in its lifetime.</summary>
    internal LifetimeState State => _state;

    /// <summary>Is told what happens to the connection, and of what its handler does.</summary>
    internal LifetimeTelemetry Telemetry { get; }

    /// <inheritdoc cref="ConnectionSettings.IsWriterWanted"/>
    internal bool IsWriterWanted { get; }

    /// <inheritdoc cref="LifetimeSettings.DeadlineMargin"/>
    internal TimeSpan DeadlineMargin => _settings.DeadlineMargin;

    /// <summary>How long Init took; set when the loop is entered.</summary>
    internal TimeSpan InitDuration { get; set; }

    /// <summary>Opens another connection as this one was opened in Init, for another lane.</summary>
    internal Func<Task<LiveConnection>>? OpenAnotherAsync { get; init; }

    /// <summary>Opens the connection in the Init phase, before the first invocation is asked for.</summary>
    /// <param name="settings">Where the database is, and the lifetime of the connection.</param>
    /// <param name="init">The Init phase, whose elapsed time counts against <see cref="LifetimeSettings.InitBudget"/>.</param>
    /// <param name="configure">
    /// What Npgsql's slim data source shall have besides: arrays, ranges, JSON, or the type loading that enums, composites and
    /// extension types need (<c>docs/types.md</c>). Each costs cold start.
    /// </param>
    /// <returns>
    /// The connection; without an open session when the server cannot be reached within the budget and
    /// <see cref="LifetimeSettings.StartWithoutDatabase"/> is on: the first invocation opens it then.
    /// </returns>
    /// <exception cref="DatabaseOpenException">
    /// The server refused for a reason that does not pass by itself, or, with <see cref="LifetimeSettings.StartWithoutDatabase"/>
    /// off, cannot be reached.
    /// </exception>
    public static async Task<LiveConnection> OpenAsync(
        DatabaseSettings settings, InitPhase init, Action<NpgsqlSlimDataSourceBuilder>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(init);
        if (settings.Connection.RootCertificateFile is { } root)
            TrustStore.LeaveSystem(root);
        init.BeginExtension(); // it registers while the connection is being opened
        return await OpenAsync(settings, init, new StartupGuards(settings.Server, init.Log), configure);
    }

    /// <param name="settings">All settings.</param>
    /// <param name="init">The Init phase.</param>
    /// <param name="guards">Shared among the lanes of the environment: none learns anew what another was refused for.</param>
    /// <param name="configure">What Npgsql's data source shall have besides.</param>
    private static async Task<LiveConnection> OpenAsync(
        DatabaseSettings settings, InitPhase init, StartupGuards guards, Action<NpgsqlSlimDataSourceBuilder>? configure)
    {
        var factory = new NpgsqlSessionFactory(settings, guards, configure);
        var connection = new LiveConnection(settings, guards, factory, init.Time, Random.Shared, init.Log)
        {
            OpenAnotherAsync = () => OpenAsync(settings, init, guards, configure),
        };
        await connection.OpenInInitAsync(settings.Lifetime.InitBudget - init.Elapsed);
        return connection;
    }

    internal async Task OpenInInitAsync(TimeSpan budget)
    {
        try
        {
            await OpenAsync(budget, requestId: null);
        }
        catch (DatabaseOpenException failure) when (failure.IsTransient && _settings.StartWithoutDatabase)
        {
            _log.Write(LogLevel.Error, $"Init goes on without a database; invocations are answered with 503 until it can be reached. {failure.Message}");
        }
    }

    /// <summary>Checks the connection, replaces it where needed, and lends it to a handler.</summary>
    /// <param name="timeLeft">The time until the handler must have ended: checks and opens stay within it.</param>
    /// <param name="requestId">The invocation.</param>
    /// <param name="isRetry">Whether the same invocation had a connection before, which died.</param>
    /// <param name="trace">The X-Ray trace header of the invocation, for the session to name where that is asked for.</param>
    /// <exception cref="DatabaseOpenException">There is no connection and none can be opened. Nothing was lent.</exception>
    internal async ValueTask<Loan> LendAsync(TimeSpan timeLeft, string requestId, bool isRetry = false, string? trace = null)
    {
        if (!isRetry)
            _invocations++;
        if (_state == LifetimeState.Idle)
            Label(trace);
        long start = _time.GetTimestamp();
        TimeSpan gap = _state == LifetimeState.Absent ? TimeSpan.Zero : _lastGood.ElapsedUntilNow(_time);
        ConnectionCheck check = _state == LifetimeState.Idle ? await CheckAsync(gap, timeLeft, requestId, start) : ConnectionCheck.Reopened;
        if (_state == LifetimeState.Absent)
        {
            await OpenAsync(Smaller(timeLeft - _time.GetElapsedTime(start), _settings.InitBudget), requestId);
            Label(trace);
        }

        Move(LifetimeEvent.HandlerStarted);
        _reusedFor++;
        return new Loan(_session!.Connection, Facts(check, gap));
    }

    /// <summary>The connection that is lent.</summary>
    internal NpgsqlConnection Lent => _session!.Connection;

    /// <summary>Whether the connection that was lent has died under the handler.</summary>
    internal bool IsLost => _session?.Inspect() == SessionCondition.Broken;

    /// <summary>A statement may have been cancelled on the connection: it is pinged before its next use unless a reset succeeds first.</summary>
    internal void Suspect() => _suspect = true;

    /// <summary>The session is on a server that does not take writes: it is replaced instead of kept.</summary>
    internal void Misplaced() => _misplaced = true;

    /// <summary>Takes the connection back and cleans the session, after the response and before the freeze.</summary>
    /// <param name="timeLeft">The time until the deadline of the invocation.</param>
    /// <param name="requestId">The invocation.</param>
    /// <param name="asksLoad">Whether the server may be asked how full it is, and the connection released for that.</param>
    internal async ValueTask TakeBackAsync(TimeSpan timeLeft, string requestId, bool asksLoad = true)
    {
        var budget = new TimeBudget(timeLeft, _time);
        Move(LifetimeEvent.HandlerEnded);
        if (await CleanAsync(budget, requestId, asksLoad) is { } reason)
            await DropAsync(LifetimeEvent.Discarded, reason, requestId, budget);
        else
            Move(LifetimeEvent.Cleaned);
    }

    /// <summary>Cleans the session that a handler left. Why it is not to be kept over the freeze; <see langword="null"/> when it is.</summary>
    private async ValueTask<CloseReason?> CleanAsync(TimeBudget budget, string requestId, bool asksLoad)
    {
        SessionCondition condition = Inspect(requestId);
        if (TakeBackPolicy.Decide(condition, ResetsSession) == TakeBackAction.CloseReader
            && await AnswersAsync(_session!.CloseReaderAsync, budget.ForOneStep(_settings.PingTimeout), requestId))
        {
            condition = Inspect(requestId);
        }

        // A pooler gives the session to others in between: what it holds for this one is its business.
        TakeBackAction action = TakeBackPolicy.Decide(condition, ResetsSession);
        if (_misplaced)
            return new CloseReason(CloseCause.ReadOnlyServer);
        if (action is not (TakeBackAction.Keep or TakeBackAction.Reset or TakeBackAction.RollBack))
            return new CloseReason(TakeBackPolicy.Cause(condition));
        if (_pressure.ReleasesUnasked)
            return new CloseReason(CloseCause.Released, "the server had no slot for it at first");

        bool rollBack = action == TakeBackAction.RollBack;
        var request = new CleanRequest(rollBack, ResetsSession, asksLoad ? _pressure.Question(roundTrip: rollBack || ResetsSession) : null);
        if (request.IsEmpty)
            _lastGood = LifetimeMoment.Now(_time);
        else if (await AnswersCleaningAsync(request, budget, requestId))
            Good();
        else
            return new CloseReason(CloseCause.CleanFailed);

        _isLabelled &= !request.Reset;
        return _pressure.AsksForRelease ? new CloseReason(CloseCause.Released, _pressure.ToString()) : null;
    }

    /// <summary>Apart from its caller, which would make an object for it where there is nothing to clean as well.</summary>
    private ValueTask<bool> AnswersCleaningAsync(CleanRequest request, TimeBudget budget, string requestId) =>
        AnswersAsync(async () => _pressure.Read(await _session!.CleanAsync(request), _session.BackendPid), budget.ForOneStep(_settings.PingTimeout), requestId);

    /// <summary>Gives the connection up while its handler still runs: its statement is cancelled, its next use of it fails.</summary>
    /// <param name="timeLeft">The time until the deadline of the invocation.</param>
    /// <param name="requestId">The invocation.</param>
    internal ValueTask AbandonAsync(TimeSpan timeLeft, string requestId) =>
        DropAsync(LifetimeEvent.Discarded, new CloseReason(CloseCause.GivenUp), requestId, new TimeBudget(timeLeft, _time));

    /// <summary>Closes the connection for good.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_state == LifetimeState.Closed)
            return;
        Telemetry.ShutDown(); // first: a server that hangs may take all the time that is left
        await DropAsync(LifetimeEvent.ShutDown, new CloseReason(CloseCause.Shutdown), requestId: null, new TimeBudget(TimeSpan.MaxValue, _time));
        if (_factory is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
    }

    private async ValueTask<ConnectionCheck> CheckAsync(TimeSpan gap, TimeSpan timeLeft, string requestId, long start)
    {
        var budget = new TimeBudget(timeLeft, _time);
        Move(LifetimeEvent.InvocationArrived);
        Telemetry.Thawed(gap);
        var facts = new ThawFacts(_session!.Poll(), gap, _opened.ElapsedUntilNow(_time), _maxAge, _suspect);
        ThawDecision decision = ThawPolicy.Decide(facts, _settings);
        switch (decision.Action)
        {
            case ThawAction.Trust:
                Telemetry.Verified(new ConnectionVerified(_session.BackendPid, ByPing: false, gap, _time.GetElapsedTime(start)), requestId);
                return ConnectionCheck.Socket;
            case ThawAction.Ping when await AnswersAsync(_session.PingAsync, ThawPolicy.PingTimeout(_settings, timeLeft), requestId):
                Good();
                Telemetry.Verified(new ConnectionVerified(_session.BackendPid, ByPing: true, gap, _time.GetElapsedTime(start)), requestId);
                return ConnectionCheck.Ping;
            default:
                string? detail = decision.Action == ThawAction.Ping ? $"no answer to the ping ({decision.Reason})" : null;
                await DropAsync(LifetimeEvent.CheckFailed, new CloseReason(ThawPolicy.Cause(decision.Reason), detail, gap), requestId, budget);
                return ConnectionCheck.Reopened;
        }
    }

    private async Task OpenAsync(TimeSpan budget, string? requestId)
    {
        Move(LifetimeEvent.OpenStarted);
        OpenedSession opened;
        try
        {
            opened = await _opener.OpenAsync(budget, requestId);
            _session = opened.Session;
            _openDuration = opened.Duration;
            _pressure.Opened(opened.WasRefused);
        }
        catch (DatabaseOpenException)
        {
            Move(LifetimeEvent.OpenFailed);
            throw;
        }

        _opens++;
        _reusedFor = 0;
        _misplaced = false;
        _isLabelled = false;
        _opened = LifetimeMoment.Now(_time);
        _maxAge = ThawPolicy.DrawMaxAge(_settings, _random);
        Good();
        Move(LifetimeEvent.OpenSucceeded);
        Telemetry.Opened(opened, requestId);
    }

    private SessionCondition Inspect(string requestId)
    {
        SessionCondition condition = _session!.Inspect();
        if (TakeBackPolicy.HandlerBug(condition) is { } bug)
        {
            Telemetry.HandlerFailed();
            _log.Write(LogLevel.Warn, $"Bug in the handler: {bug}.", requestId);
        }

        return condition;
    }

    private void Good()
    {
        _suspect = false;
        _lastGood = LifetimeMoment.Now(_time);
    }

    /// <summary>Lets go of the session. A server that does not answer is not waited for: the invocation has a deadline.</summary>
    private async ValueTask DropAsync(LifetimeEvent because, CloseReason reason, string? requestId, TimeBudget budget)
    {
        Move(because);
        if (_session is not { } session)
            return;
        _session = null;
        _suspect = false;
        long start = _time.GetTimestamp();

        // What still runs would go on at the server, with its locks, until it tries to answer: the server looks at its client no
        // sooner than that.
        if (session.Inspect() == SessionCondition.Busy)
            await WithinAsync(session.Cancel, session, requestId, budget);
        await WithinAsync(() => session.CloseAsync().AsTask().GetAwaiter().GetResult(), session, requestId, budget);
        Telemetry.Closed(new ConnectionClosed(session.BackendPid, reason, _opened.ElapsedUntilNow(_time), _reusedFor, _time.GetElapsedTime(start)), requestId);
    }

    /// <summary>
    /// Has the session named after the trace of the invocation, by what goes to the server together with the next statement: a round trip
    /// is not made for it. Not through a pooler: RDS Proxy would pin the session.
    /// </summary>
    private void Label(string? trace)
    {
        if (_label is null || _guards.IsPooler)
            return;
        byte[]? message = _label.For(trace) ?? (_isLabelled ? _label.Plain : null);
        if (message is null)
            return;
        _session!.Prepend(message);
        _isLabelled = true;
    }

    /// <summary>Runs what may block on another thread, and leaves it there when it takes longer than a ping may.</summary>
    private async ValueTask WithinAsync(Action mayBlock, ISession session, string? requestId, TimeBudget budget)
    {
        try
        {
            await Task.Run(mayBlock).WaitAsync(budget.ForOneStep(_settings.PingTimeout), _time);
        }
        catch (Exception exception)
        {
            // Either way the session is gone for this environment; what is left of it ends with its socket.
            session.Abort();
            _log.Write(LogLevel.Debug, $"Closing the connection to backend {session.BackendPid} failed; it is given up.", requestId, exception);
        }
    }

    /// <summary>Whether a round trip succeeds within a limit; one that takes longer is aborted, and the session with it.</summary>
    private async ValueTask<bool> AnswersAsync(Func<Task> roundTrip, TimeSpan limit, string requestId)
    {
        if (limit <= TimeSpan.Zero)
            return false;
        bool aborted = false;
        ISession session = _session!;
        ITimer guard = _time.CreateTimer(
            _ =>
            {
                Volatile.Write(ref aborted, true);
                session.Abort();
            },
            null, limit, Timeout.InfiniteTimeSpan);
        try
        {
            await using (guard)
                await roundTrip();
            return !Volatile.Read(ref aborted);
        }
        catch (Exception exception)
        {
            // Whatever it was, the session cannot be trusted, and the caller replaces it.
            _log.Write(LogLevel.Debug, $"The session of backend {session.BackendPid} did not answer.", requestId, exception);
            return false;
        }
    }

    /// <summary>Not through a pooler: it would pin the session to this client, or reset what is another's.</summary>
    private bool ResetsSession => _settings.SessionReset && !_guards.IsPooler;

    private void Move(LifetimeEvent happened) => _state = _state.After(happened);

    private static TimeSpan Smaller(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
