using NativeLambda.Emulator.Freezing;
using NativeLambda.Emulator.Logging;
using NativeLambda.Emulator.Processes;

namespace NativeLambda.Emulator.Environments;

/// <summary>
/// One execution environment and its life: Init, invocations one after the other, frozen between them, Init again after a crash or
/// a timeout, Shutdown.
/// </summary>
internal sealed class ExecutionEnvironment : IAsyncDisposable
{
    private const string OnDemand = "on-demand";

    private readonly FunctionSettings _function;
    private readonly Sandbox _sandbox;
    private readonly EnvironmentLog _log;
    private readonly TimeProvider _time;
    private readonly IRuntimeEndpoint _runtimeApi;
    private readonly string _initializationType;
    private readonly EnvironmentStarter _starter;
    private readonly EnvironmentStatus _status;

    // Held while processes are started, frozen, thawed or ended, so that a snapshot never calls frozen what is being thawed.
    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile RuntimeSession? _session;
    private TimeSpan? _unreportedInit;
    private bool _initAttempted;

    public ExecutionEnvironment(
        string id, FunctionSettings function, Sandbox sandbox, FunctionLog log, TimeProvider time, IRuntimeEndpoint runtimeApi, bool provisioned, Action changed)
    {
        _function = function;
        _sandbox = sandbox;
        _log = new EnvironmentLog(id, function, log, time);
        _time = time;
        _runtimeApi = runtimeApi;
        _initializationType = provisioned ? "provisioned-concurrency" : OnDemand;
        string logStreamName = $"{time.GetUtcNow():yyyy'/'MM'/'dd}/[{FunctionSettings.Version}]{id}";
        _starter = new EnvironmentStarter(function, sandbox, _log, logStreamName, runtimeApi.Uri.Authority, _initializationType);
        var first = new EnvironmentSnapshot
        {
            Id = id,
            State = EnvironmentState.Initializing,
            FreezeMethod = sandbox.FreezeMethod,
            RuntimeApi = runtimeApi.Uri,
        };
        _status = new EnvironmentStatus(first, changed);
        Id = id;
    }

    public string Id { get; }

    public EnvironmentSnapshot Snapshot => _status.Snapshot;

    /// <summary>Whether it gets no further invocation: it is about to be stopped. Belongs to the pool.</summary>
    public bool IsLeaving { get; set; }

    /// <summary>Runs Init ahead of any invocation.</summary>
    public Task<InitFailure?> InitializeAsync() => InitializeAsync(InitPhase.Init);

    /// <summary>
    /// Serves one invocation, and returns when the environment is idle again (not yet frozen) or reset. The caller's answer is given
    /// as soon as it is known, which may be earlier. Only one at a time.
    /// </summary>
    public async Task RunAsync(PendingInvocation invocation)
    {
        _status.Update(snapshot => snapshot with { LastRequestId = invocation.RequestId, Invocations = snapshot.Invocations + 1 });
        if (!await TryBeginAsync())
        {
            if (_initAttempted || await InitializeAsync(InitPhase.Init) is not null || !await TryBeginAsync())
            {
                await ServeAfterInitAsync(invocation);
                return;
            }
        }
        await ServeAsync(invocation, _time.GetTimestamp());
    }

    /// <summary>Freezes the environment if it is (still) idle.</summary>
    public async Task FreezeIfIdleAsync()
    {
        await _gate.WaitAsync();
        try
        {
            if (Snapshot.State != EnvironmentState.Idle) return;
            if (_sandbox.HasExited)
            {
                await ResetAsync();
                return;
            }
            await _sandbox.FreezeAsync();
            _status.Set(EnvironmentState.Frozen);
        }
        catch (FreezeException exception)
        {
            _log.Write($"cannot freeze: {exception.Message}"); // it stays Idle, visibly
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Freezes the environment in whatever it does: an invocation stands still while its deadline approaches.</summary>
    public async Task FreezeAsync()
    {
        await _gate.WaitAsync();
        try
        {
            await _sandbox.FreezeAsync();
            if (Snapshot.State == EnvironmentState.Idle) _status.Set(EnvironmentState.Frozen);
            _status.Update(static snapshot => snapshot with { StandsStill = snapshot.State == EnvironmentState.Busy });
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Thaws the environment, which runs on without an invocation.</summary>
    public async Task ThawAsync()
    {
        await _gate.WaitAsync();
        try
        {
            _sandbox.Thaw();
            if (Snapshot.State == EnvironmentState.Frozen) _status.Set(EnvironmentState.Idle);
            else _status.Update(static snapshot => snapshot with { StandsStill = false });
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Ends the environment: the Shutdown phase, or SIGKILL at once.</summary>
    public async Task StopAsync(bool kill)
    {
        _status.Set(EnvironmentState.Stopping);
        await _gate.WaitAsync();
        try
        {
            await _sandbox.StopAsync(kill ? null : _session?.Extensions, ShutdownPhase.Spindown);
            await _sandbox.DisposeAsync();
            _runtimeApi.Dispose();
        }
        finally
        {
            _gate.Release();
            _status.Set(EnvironmentState.Dead);
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync(kill: false);

    /// <summary>Thaws the process for an invocation.</summary>
    /// <returns>False when there is none to thaw.</returns>
    private async Task<bool> TryBeginAsync()
    {
        await _gate.WaitAsync();
        try
        {
            if (_session is null || _status.IsStopping) return false;
            if (_sandbox.HasExited)
            {
                await ResetAsync();
                return false;
            }
            _sandbox.Thaw();
            _status.Set(EnvironmentState.Busy);
            return true;
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<InitFailure?> InitializeAsync(InitPhase phase)
    {
        _initAttempted = true;
        _sandbox.Prepare();
        TimeSpan limit = phase == InitPhase.Invoke ? _function.Timeout
            : _initializationType == OnDemand ? _function.InitTimeout : _function.ProvisionedInitTimeout;
        string phaseName = phase == InitPhase.Init ? "init" : "invoke";
        _log.Write(new InitStarted(_initializationType, phaseName, _function.Name, FunctionSettings.Version));
        long start = _time.GetTimestamp();
        using var deadline = new CancellationTokenSource(limit, _time);
        InitFailure? failure = await StartAsync(phase, limit, deadline.Token);
        TimeSpan duration = _time.GetElapsedTime(start);
        _sandbox.DrainOutput();
        (string? status, string? errorType) = (failure?.Status, failure?.Status == "error" ? failure.ErrorType : null);
        if (Snapshot.ProcessId is not null) _log.Write(new InitRuntimeDone(_initializationType, phaseName, status, errorType));
        foreach (Extension extension in _session?.Extensions.All ?? []) _log.Write(extension.Report);
        var report = new InitReport(_initializationType, phaseName, duration, status, errorType);
        if (failure is null)
        {
            _log.Write(report);
            _sandbox.EndInit();
            _unreportedInit = phase == InitPhase.Init ? duration : null;
            _status.Update(snapshot => snapshot with { InitDuration = duration });
            _status.Set(phase == InitPhase.Init ? EnvironmentState.Idle : EnvironmentState.Busy);
            return null;
        }
        await LockedResetAsync(failure.Status == "timeout" ? ShutdownPhase.Timeout : ShutdownPhase.Failure);
        _log.Write(report);
        return failure;
    }

    /// <summary>Starts the external extensions and, when they have registered, the runtime; waits until all of them are ready.</summary>
    private async Task<InitFailure?> StartAsync(InitPhase phase, TimeSpan limit, CancellationToken deadline)
    {
        // Nothing runs now. What the last process has said on its connections is not what the next one says.
        var session = new RuntimeSession(_function.Extensions.Select(static file => Path.GetFileName(file)));
        await _runtimeApi.ServeAsync(session);
        InitFailure? failure = await LockedAsync(() => StartExtensions(phase, session));
        if (failure is null && _function.Extensions.Count > 0) failure = await InitFailure.WatchAsync(_session!, limit, deadline);
        failure ??= await LockedAsync(StartRuntime);
        return failure ?? await InitFailure.WatchAsync(_session!, limit, deadline);
    }

    private InitFailure? StartExtensions(InitPhase phase, RuntimeSession session)
    {
        _status.Set(EnvironmentState.Initializing);
        _session = session;
        _sandbox.Begin(fullCpu: phase == InitPhase.Init);
        return _starter.StartExtensions(session, (process, name) => _ = TellExitAsync(process, session, name));
    }

    private InitFailure? StartRuntime() => _starter.StartRuntime(process =>
    {
        _status.Update(snapshot => snapshot with { ProcessId = process.Id, ProcessesStarted = snapshot.ProcessesStarted + 1 });
        _ = TellExitAsync(process, _session!);
    });

    private async Task<InitFailure?> LockedAsync(Func<InitFailure?> start)
    {
        await _gate.WaitAsync();
        try
        {
            return _status.IsStopping ? InitFailure.OfExit(default(ExitStatus)) : start();
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Runs Init inside the invocation, whose timeout covers both.</summary>
    private async Task ServeAfterInitAsync(PendingInvocation invocation)
    {
        long start = _time.GetTimestamp();
        if (await InitializeAsync(InitPhase.Invoke) is not { } failure)
        {
            await ServeAsync(invocation, start);
            return;
        }
        _log.WriteStart(invocation);
        if (failure.LogText is not null) _log.WriteFailure(invocation.RequestId, failure.LogText, failure.ErrorType);
        Finish(invocation, _time.GetElapsedTime(start), failure.Outcome(invocation.RequestId), failure.Status, failure.ErrorType);
    }

    /// <summary>Dispatches the invocation to the thawed, ready runtime and follows it to its end.</summary>
    private async Task ServeAsync(PendingInvocation invocation, long start)
    {
        RuntimeSession session = _session!;
        TimeSpan left = _function.Timeout - _time.GetElapsedTime(start);
        using var deadline = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, _time);
        invocation.DeadlineUnixMs = (_time.GetUtcNow() + left).ToUnixTimeMilliseconds();
        _status.Set(EnvironmentState.Busy);
        _log.WriteStart(invocation);
        session.Deliver(invocation);
        InvocationEnd end = await InvocationEnd.FollowAsync(session, invocation, deadline.Token);
        TimeSpan duration = _time.GetElapsedTime(start); // the Shutdown phase is not the invocation's
        if (end.TimedOut)
        {
            InvocationOutcome timeout = InvocationOutcome.OfTimeout(invocation.RequestId, _function.Timeout);
            invocation.BreakStream(timeout); // before the process dies, which would break it, too
            await LockedResetAsync(ShutdownPhase.Timeout);
            Finish(invocation, duration, timeout, "timeout", errorType: null);
            return;
        }
        if (end.Exit is not { } exited)
        {
            Finish(invocation, duration, outcome: null, end.Status, end.ErrorType);
            return;
        }
        InitFailure exit = InitFailure.OfExit(exited);
        _log.WriteFailure(invocation.RequestId, exit.LogText!, exit.ErrorType);
        await LockedResetAsync(ShutdownPhase.Failure);
        InvocationOutcome outcome = invocation.IsResponding
            ? await session.EndOfResponseAsync(invocation)
            : exit.Outcome(invocation.RequestId);
        Finish(invocation, duration, outcome, exit.Status, exit.ErrorType);
    }

    private void Finish(PendingInvocation invocation, TimeSpan duration, InvocationOutcome? outcome, string? status, string? errorType)
    {
        _sandbox.DrainOutput();
        if (status == "timeout") _log.WriteTimeout(invocation.RequestId, _function.Timeout);
        var report = new ReportLine
        {
            RequestId = invocation.RequestId,
            Duration = duration,
            MemorySizeMb = _function.MemorySizeMb,
            MaxMemoryUsedMb = _sandbox.ReadMaxMemoryUsedMb(),
            InitDuration = _unreportedInit,
            Status = status,
            ErrorType = status == "error" ? errorType : null,
        };
        _unreportedInit = null;
        _log.WriteEnd(report);
        _status.Update(snapshot => snapshot with
        {
            LastDuration = duration,
            State = snapshot.State == EnvironmentState.Busy ? EnvironmentState.Idle : snapshot.State,
        });
        if (outcome is not null) invocation.Complete(outcome);
        invocation.CompleteReport();
    }

    private async Task TellExitAsync(ChildProcess process, RuntimeSession session, string? extension = null)
    {
        ExitStatus status = _sandbox.Explain(await process.Exited);
        if (extension is null) session.Exit(new RuntimeEvent.Exited(status));
        else session.Extensions.Exit(extension, status);
        if (_status.IsStopping || Snapshot.State is not (EnvironmentState.Idle or EnvironmentState.Frozen)) return;
        // Between invocations nobody listens to the session.
        await _gate.WaitAsync();
        try
        {
            if (_session != session || Snapshot.State is not (EnvironmentState.Idle or EnvironmentState.Frozen)) return;
            _log.Write(extension is null
                ? $"the runtime ended between invocations: {status.Describe()}"
                : $"the extension {extension} ended between invocations: {status.DescribeExtension()}");
            await ResetAsync();
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task LockedResetAsync(string reason)
    {
        await _gate.WaitAsync();
        try
        {
            await ResetAsync(reason);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Ends the processes, extensions in order; the next invocation starts new ones.</summary>
    private async Task ResetAsync(string reason = ShutdownPhase.Failure)
    {
        _sandbox.ReadMaxMemoryUsedMb();
        await _sandbox.StopAsync(_session?.Extensions, reason);
        _session = null;
        _status.Set(EnvironmentState.Reset);
    }
}
