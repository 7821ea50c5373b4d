using System.ComponentModel;
using NativeLambda.Emulator.Freezing;
using NativeLambda.Emulator.Http;
using NativeLambda.Emulator.Logging;
using NativeLambda.Emulator.Processes;

namespace NativeLambda.Emulator.Environments;

/// <summary>
/// One execution environment and its life: Init, invocations one after the other, frozen between them, Init again after a crash or
/// a timeout, Shutdown.
/// </summary>
internal sealed class ExecutionEnvironment : IAsyncDisposable
{
    /// <summary>What an internal extension buys the runtime at Shutdown.</summary>
    private static readonly TimeSpan ShutdownGrace = TimeSpan.FromMilliseconds(500);

    private readonly FunctionSettings _function;
    private readonly Sandbox _sandbox;
    private readonly EnvironmentLog _log;
    private readonly TimeProvider _time;
    private readonly HttpEndpoint _runtimeApi;
    private readonly string _initializationType;
    private readonly string _logStreamName;
    private readonly Action _changed;

    // Held while processes are started, frozen, thawed or ended, so that a snapshot never calls frozen what is being thawed.
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Lock _stateGate = new();
    private EnvironmentSnapshot _snapshot;
    private volatile RuntimeSession? _session;
    private TimeSpan? _unreportedInit;
    private bool _initAttempted;
    private bool _stopping;

    public ExecutionEnvironment(
        string id, FunctionSettings function, Sandbox sandbox, FunctionLog log, TimeProvider time, HttpEndpoint runtimeApi, bool provisioned, Action changed)
    {
        _function = function;
        _sandbox = sandbox;
        _log = new EnvironmentLog(id, log, time);
        _time = time;
        _runtimeApi = runtimeApi;
        _initializationType = provisioned ? "provisioned-concurrency" : "on-demand";
        _logStreamName = $"{time.GetUtcNow():yyyy'/'MM'/'dd}/[{FunctionSettings.Version}]{id}";
        _changed = changed;
        _snapshot = new EnvironmentSnapshot
        {
            Id = id,
            State = EnvironmentState.Initializing,
            FreezeMethod = sandbox.FreezeMethod,
            RuntimeApi = runtimeApi.Uri,
        };
    }

    public string Id => _snapshot.Id;

    public EnvironmentSnapshot Snapshot
    {
        get
        {
            lock (_stateGate) return _snapshot;
        }
    }

    /// <summary>The conversation with the process that runs now; nothing while there is none.</summary>
    public RuntimeSession? Session => _session;

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
        Update(snapshot => snapshot with { LastRequestId = invocation.RequestId, Invocations = snapshot.Invocations + 1 });
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
            SetState(EnvironmentState.Frozen);
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
            if (Snapshot.State == EnvironmentState.Idle) SetState(EnvironmentState.Frozen);
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
            if (Snapshot.State == EnvironmentState.Frozen) SetState(EnvironmentState.Idle);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Ends the environment: the Shutdown phase, or SIGKILL at once.</summary>
    public async Task StopAsync(bool kill)
    {
        _stopping = true;
        SetState(EnvironmentState.Stopping);
        await _gate.WaitAsync();
        try
        {
            await _sandbox.StopAsync(!kill && _session is { HasExtensions: true } ? ShutdownGrace : TimeSpan.Zero);
            await _sandbox.DisposeAsync();
            _runtimeApi.Dispose();
        }
        finally
        {
            _gate.Release();
            SetState(EnvironmentState.Dead);
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
            if (_session is null || _stopping) return false;
            if (_sandbox.HasExited)
            {
                await ResetAsync();
                return false;
            }
            _sandbox.Thaw();
            SetState(EnvironmentState.Busy);
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
        TimeSpan limit = phase == InitPhase.Init ? _function.InitTimeout : _function.Timeout;
        long start = _time.GetTimestamp();
        using var deadline = new CancellationTokenSource(limit, _time);
        InitFailure? failure = await StartAsync() ?? await InitFailure.WatchAsync(_session!, limit, deadline.Token);
        TimeSpan duration = _time.GetElapsedTime(start);
        _sandbox.DrainOutput();
        if (failure is null)
        {
            _unreportedInit = phase == InitPhase.Init ? duration : null;
            Update(snapshot => snapshot with { InitDuration = duration });
            SetState(phase == InitPhase.Init ? EnvironmentState.Idle : EnvironmentState.Busy);
            return null;
        }
        await LockedResetAsync();
        _log.WriteInitReport(duration, phase, failure);
        return failure;
    }

    private async Task<InitFailure?> StartAsync()
    {
        await _gate.WaitAsync();
        try
        {
            if (_stopping) return InitFailure.OfExit(default);
            SetState(EnvironmentState.Initializing);
            SpawnRequest request = _function.Spawn(
                _logStreamName, _runtimeApi.Uri.Authority, _initializationType, _sandbox.MembershipFiles, _log.WriteOutput, _log.WriteError);
            var session = new RuntimeSession();
            _session = session;
            ChildProcess process = _sandbox.Start(request);
            Update(snapshot => snapshot with { ProcessId = process.Id, ProcessesStarted = snapshot.ProcessesStarted + 1 });
            _ = TellExitAsync(process, session);
            return null;
        }
        catch (Win32Exception exception)
        {
            return InitFailure.OfEntrypoint(exception.Message);
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
        Finish(invocation, start, failure.Outcome(invocation.RequestId), failure.Status, failure.ErrorType);
    }

    /// <summary>Dispatches the invocation to the thawed, ready runtime and follows it to its end.</summary>
    private async Task ServeAsync(PendingInvocation invocation, long start)
    {
        RuntimeSession session = _session!;
        TimeSpan left = _function.Timeout - _time.GetElapsedTime(start);
        using var deadline = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, _time);
        invocation.DeadlineUnixMs = (_time.GetUtcNow() + left).ToUnixTimeMilliseconds();
        SetState(EnvironmentState.Busy);
        _log.WriteStart(invocation);
        session.Deliver(invocation);
        string? status = null, errorType = null;
        try
        {
            while (true)
            {
                switch (await session.Events.ReadAsync(deadline.Token))
                {
                    case RuntimeEvent.Response response:
                        invocation.Complete(new InvocationOutcome(response.Payload));
                        continue;
                    case RuntimeEvent.Error error:
                        (status, errorType) = ("error", error.ErrorType);
                        invocation.Complete(new InvocationOutcome(error.Payload, error.ErrorType));
                        continue;
                    case RuntimeEvent.ResponseTooLarge tooLarge:
                        (status, errorType) = ("error", InvocationOutcome.ResponseTooLargeType);
                        invocation.Complete(InvocationOutcome.OfError(
                            errorType, $"Response payload size exceeded maximum allowed payload size ({tooLarge.Limit} bytes)."));
                        continue;
                    case RuntimeEvent.Exited exited:
                        InitFailure exit = InitFailure.OfExit(exited.Status);
                        _log.WriteFailure(invocation.RequestId, exit.LogText!, exit.ErrorType);
                        await LockedResetAsync();
                        Finish(invocation, start, exit.Outcome(invocation.RequestId), exit.Status, exit.ErrorType);
                        return;
                    case RuntimeEvent.Ready:
                        Finish(invocation, start, outcome: null, status, errorType);
                        return;
                }
            }
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            await LockedResetAsync();
            InvocationOutcome outcome = InvocationOutcome.OfTimeout(invocation.RequestId, _function.Timeout);
            Finish(invocation, start, outcome, "timeout", errorType: null);
        }
    }

    private void Finish(PendingInvocation invocation, long start, InvocationOutcome? outcome, string? status, string? errorType)
    {
        TimeSpan duration = _time.GetElapsedTime(start);
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
        Update(snapshot => snapshot with
        {
            LastDuration = duration,
            State = snapshot.State == EnvironmentState.Busy ? EnvironmentState.Idle : snapshot.State,
        });
        if (outcome is not null) invocation.Complete(outcome);
        invocation.CompleteReport();
    }

    private async Task TellExitAsync(ChildProcess process, RuntimeSession session)
    {
        session.Exit(new RuntimeEvent.Exited(await process.Exited));
        if (_stopping || Snapshot.State is not (EnvironmentState.Idle or EnvironmentState.Frozen)) return;
        // Between invocations nobody listens to the session.
        await _gate.WaitAsync();
        try
        {
            if (_session != session || Snapshot.State is not (EnvironmentState.Idle or EnvironmentState.Frozen)) return;
            _log.Write($"the runtime ended between invocations: {(await process.Exited).Describe()}");
            await ResetAsync();
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task LockedResetAsync()
    {
        await _gate.WaitAsync();
        try
        {
            await ResetAsync();
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task ResetAsync()
    {
        _sandbox.ReadMaxMemoryUsedMb();
        await _sandbox.StopAsync(TimeSpan.Zero);
        _session = null;
        Update(snapshot => snapshot with { ProcessId = null, State = _stopping ? snapshot.State : EnvironmentState.Reset });
    }

    private void SetState(EnvironmentState state) =>
        Update(snapshot => snapshot with
        {
            State = _stopping && state is not (EnvironmentState.Stopping or EnvironmentState.Dead) ? snapshot.State : state,
            ProcessId = state == EnvironmentState.Dead ? null : snapshot.ProcessId,
        });

    private void Update(Func<EnvironmentSnapshot, EnvironmentSnapshot> change)
    {
        lock (_stateGate) _snapshot = change(_snapshot);
        _changed();
    }
}
