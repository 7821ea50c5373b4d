using NativeLambda.Emulator.Functions;
using NativeLambda.Emulator.Logging;
using NativeLambda.Emulator.Sandboxing;

namespace NativeLambda.Emulator.Environments;

/// <summary>
/// The environments of one function and who serves next: the most recently used idle one first; a new one when all are busy, as far
/// as the limits allow. Ends those that have been idle or alive for too long.
/// </summary>
internal sealed class EnvironmentPool : IAsyncDisposable
{
    /// <summary>
    /// How long an invocation waits for an environment that has answered its last one but not asked for the next yet. A caller on this
    /// machine is quicker with its next request than the runtime is; through the network of a region it would not be.
    /// </summary>
    private static readonly TimeSpan HandoverPatience = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1); // timers have a limit; then it looks again

    private readonly FunctionSettings _function;
    private readonly Func<bool, ExecutionEnvironment> _create;
    private readonly AccountConcurrency.Share _account;
    private readonly ScalingRate _scaling;
    private readonly TimeProvider _time;
    private readonly FunctionLog _log;
    private readonly ITimer _retirement;
    private readonly Lock _gate = new();
    private readonly List<ExecutionEnvironment> _all = [];
    private readonly List<ExecutionEnvironment> _idle = []; // the most recently used last
    private readonly Dictionary<ExecutionEnvironment, Tenure> _tenures = [];
    private readonly Dictionary<ExecutionEnvironment, Task> _running = [];
    private readonly Dictionary<ExecutionEnvironment, Handover> _answered = [];
    private readonly List<Task> _endings = [];
    private bool _disposed;

    /// <param name="function">Whose environments they are.</param>
    /// <param name="create">Makes one, provisioned or not.</param>
    /// <param name="account">The function's share of the account's concurrency.</param>
    /// <param name="time">The clock of idle times and ages.</param>
    /// <param name="log">The function's log.</param>
    public EnvironmentPool(
        FunctionSettings function, Func<bool, ExecutionEnvironment> create, AccountConcurrency.Share account, TimeProvider time, FunctionLog log)
    {
        (_function, _create, _account, _time, _log) = (function, create, account, time, log);
        _scaling = new ScalingRate(function.ScalingLimit, time);
        _retirement = time.CreateTimer(_ => RetireDue(), state: null, System.Threading.Timeout.InfiniteTimeSpan, System.Threading.Timeout.InfiniteTimeSpan);
    }

    /// <summary>All environments, oldest first.</summary>
    public IReadOnlyList<ExecutionEnvironment> All
    {
        get
        {
            lock (_gate) return [.. _all];
        }
    }

    /// <summary>Finds an environment for the invocation and lets it run there.</summary>
    /// <returns>Why it does not run: all are busy and no more are allowed. Else nothing.</returns>
    public async Task<ThrottleReason?> TryDispatchAsync(PendingInvocation invocation)
    {
        Handover? handover;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            handover = _idle.Count > 0 ? null : _answered.Values.FirstOrDefault(static candidate => candidate.Next is null);
            if (handover is null) return TryDispatchNow(invocation);
            handover.Next = invocation;
        }
        await Task.WhenAny(handover.Ended, Task.Delay(HandoverPatience, TimeProvider.System));
        lock (_gate)
        {
            if (handover.Next != invocation) return null; // it runs
            handover.Next = null;
            ObjectDisposedException.ThrowIf(_disposed, this);
            return TryDispatchNow(invocation);
        }
    }

    /// <summary>Starts an environment ahead of any invocation, as provisioned concurrency does, and returns when it is frozen.</summary>
    /// <returns>The environment, or why its Init failed; it is gone then.</returns>
    /// <exception cref="InvalidOperationException">The maximum concurrency is reached.</exception>
    /// <exception cref="SandboxException">The kernel refuses what the environment is to see; it is gone then.</exception>
    public async Task<(ExecutionEnvironment Environment, InitFailure? Failure)> StartAsync()
    {
        ExecutionEnvironment environment;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_all.Count >= _function.MaxConcurrency)
                throw new InvalidOperationException($"there are {_function.MaxConcurrency} environments already, the maximum concurrency");
            environment = Create(provisioned: true);
        }
        bool isReady = false;
        try
        {
            InitFailure? failure = await environment.InitializeAsync();
            if (failure is null) await environment.FreezeIfIdleAsync();
            isReady = failure is null;
            return (environment, failure);
        }
        finally
        {
            lock (_gate)
            {
                bool stays = _all.Contains(environment); // else it was ended meanwhile
                if (stays && isReady) AddIdle(environment);
                else if (stays) Retire(environment, kill: true);
            }
        }
    }

    /// <summary>Starts so many environments ahead of invocations that there are as many as wanted, in place of those that have lost their process.</summary>
    /// <returns>Whether there are as many now.</returns>
    public async Task<bool> ReplenishAsync(int wanted)
    {
        int missing;
        lock (_gate)
        {
            if (_disposed) return true;
            foreach (ExecutionEnvironment lost in _idle.Where(idle => _tenures[idle].Provisioned && idle.Snapshot.State == EnvironmentState.Reset).ToArray())
                Retire(lost, kill: true);
            missing = wanted - _all.Count(environment => _tenures[environment].Provisioned && !environment.IsLeaving);
        }
        bool[] started = await Task.WhenAll(Enumerable.Range(0, Math.Max(missing, 0)).Select(_ => TryStartAsync()));
        return started.All(static success => success);
    }

    /// <summary>Ends an environment: at once, or in order, after the invocation that it serves.</summary>
    public async Task StopAsync(ExecutionEnvironment environment, bool kill)
    {
        Task? running;
        lock (_gate)
        {
            _idle.Remove(environment);
            _running.TryGetValue(environment, out running);
            // A busy one counts until it has ended, and is not given another invocation.
            environment.IsLeaving = true;
            if (kill || running is null) Remove(environment);
        }
        if (running is not null && !kill) await running;
        await environment.StopAsync(kill);
        lock (_gate) Remove(environment);
    }

    public async ValueTask DisposeAsync()
    {
        ExecutionEnvironment[] all;
        Task[] running, answered, endings;
        lock (_gate)
        {
            _disposed = true;
            _idle.Clear();
            all = [.. _all];
            _all.Clear();
            running = [.. _running.Values];
            answered = [.. _answered.Values.Select(static handover => handover.Ended)];
            endings = [.. _endings];
        }
        await _retirement.DisposeAsync();
        // Who has answered may tidy up before it is ended: to its caller the invocation is over.
        await Task.WhenAny(Task.WhenAll(answered), Task.Delay(HandoverPatience, TimeProvider.System));
        await Task.WhenAll(all.Select(static async environment => await environment.DisposeAsync()));
        await Task.WhenAll(running);
        await Task.WhenAll(endings);
    }

    private ThrottleReason? TryDispatchNow(PendingInvocation invocation)
    {
        if (_idle.Count == 0 && _all.Count >= _function.MaxConcurrency) return ThrottleReason.ReservedFunctionConcurrentInvocationLimitExceeded;
        if (!_account.TryEnter()) return ThrottleReason.ConcurrentInvocationLimitExceeded;
        if (_idle.Count == 0 && !_scaling.TryTake())
        {
            _account.Exit();
            return ThrottleReason.ConcurrentInvocationLimitExceeded;
        }
        Run(TakeIdle() ?? Create(provisioned: false), invocation);
        return null;
    }

    /// <summary>The most recently used idle environment; a provisioned one, if there is one, for it is paid for.</summary>
    private ExecutionEnvironment? TakeIdle()
    {
        if (_idle.Count == 0) return null;
        ExecutionEnvironment environment = _idle.FindLast(idle => _tenures[idle].Provisioned) ?? _idle[^1];
        _idle.Remove(environment);
        return environment;
    }

    private ExecutionEnvironment Create(bool provisioned)
    {
        ExecutionEnvironment environment = _create(provisioned);
        _all.Add(environment);
        _tenures.Add(environment, new Tenure(_time, provisioned));
        return environment;
    }

    private void Remove(ExecutionEnvironment environment)
    {
        _all.Remove(environment);
        _tenures.Remove(environment);
    }

    private void Run(ExecutionEnvironment environment, PendingInvocation invocation)
    {
        invocation.Answering = () =>
        {
            lock (_gate)
                if (!environment.IsLeaving) _answered.TryAdd(environment, new Handover());
        };
        _running[environment] = Task.Run(() => RunAsync(environment, invocation));
    }

    private async Task RunAsync(ExecutionEnvironment environment, PendingInvocation invocation)
    {
        try
        {
            await environment.RunAsync(invocation);
            if (Release(environment)) await environment.FreezeIfIdleAsync();
        }
        catch (Exception exception)
        {
            // Whatever it is, the caller must hear of it and the environment cannot be trusted any more.
            _log.Write(environment.Id, LogSource.Platform, $"the emulator failed: {exception}");
            environment.IsLeaving = true;
            Release(environment);
            lock (_gate) Remove(environment);
            invocation.Fail(exception);
            await environment.StopAsync(kill: true);
        }
    }

    /// <summary>The environment has served its invocation.</summary>
    /// <returns>Whether it is idle now: it has not got the next one already, and is not about to end.</returns>
    private bool Release(ExecutionEnvironment environment)
    {
        lock (_gate)
        {
            bool ran = _running.Remove(environment);
            _answered.Remove(environment, out Handover? handover);
            handover?.End();
            bool stays = !_disposed && !environment.IsLeaving && _all.Contains(environment);
            // By its age only: nobody who was busy until now has been idle for long.
            bool retires = stays && _tenures[environment].TimeLeft(idleTimeout: null, _function.MaxAge) <= TimeSpan.Zero;
            if (stays && !retires && handover?.Next is { } next)
            {
                handover.Next = null;
                Run(environment, next); // on its predecessor's share of the account's concurrency
                return false;
            }
            if (ran) _account.Exit();
            if (retires) Retire(environment, kill: false);
            else if (stays) AddIdle(environment);
            return stays && !retires;
        }
    }

    private void AddIdle(ExecutionEnvironment environment)
    {
        _tenures[environment].BeginIdle();
        _idle.Add(environment);
        ScheduleRetirement();
    }

    private void RetireDue()
    {
        lock (_gate)
        {
            if (_disposed) return;
            foreach (ExecutionEnvironment environment in _idle.Where(idle => TimeLeft(idle) <= TimeSpan.Zero).ToArray())
                Retire(environment, kill: false);
            ScheduleRetirement();
        }
    }

    private void ScheduleRetirement()
    {
        if (_idle.Min(TimeLeft) is not { } left) return;
        _retirement.Change(left < ShortestWait ? ShortestWait : left > LongestWait ? LongestWait : left, System.Threading.Timeout.InfiniteTimeSpan);
    }

    private TimeSpan? TimeLeft(ExecutionEnvironment environment) => _tenures[environment].TimeLeft(_function.IdleTimeout, _function.MaxAge);

    /// <summary>Ends an environment that serves nothing, in the background.</summary>
    private void Retire(ExecutionEnvironment environment, bool kill)
    {
        environment.IsLeaving = true;
        _idle.Remove(environment);
        Remove(environment);
        _endings.RemoveAll(static ending => ending.IsCompletedSuccessfully);
        _endings.Add(Task.Run(() => StopAsync(environment, kill)));
    }

    private async Task<bool> TryStartAsync()
    {
        try
        {
            (ExecutionEnvironment environment, InitFailure? failure) = await StartAsync();
            if (failure is not null && !_disposed)
                _log.Write(environment.Id, LogSource.Platform, $"the provisioned environment could not be started: {failure.ErrorType}");
            return failure is null;
        }
        catch (Exception exception) when (exception is InvalidOperationException or SandboxException)
        {
            // Environments on demand have taken the room, the function is being shut down, or the kernel refuses.
            if (!_disposed) _log.Write("", LogSource.Platform, $"no provisioned environment: {exception.Message}");
            return false;
        }
    }

    /// <summary>The short time between an environment's answer and its request for the next invocation.</summary>
    private sealed class Handover
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Ended => _ended.Task;

        /// <summary>The invocation that waits for the environment.</summary>
        public PendingInvocation? Next { get; set; }

        public void End() => _ended.SetResult();
    }
}
