using NativeLambda.Emulator.Logging;

namespace NativeLambda.Emulator.Environments;

/// <summary>
/// The environments of one function and who serves next: the most recently used idle one first; a new one when all are busy, up to
/// the maximum concurrency.
/// </summary>
internal sealed class EnvironmentPool(Func<bool, ExecutionEnvironment> create, int maxConcurrency, FunctionLog log) : IAsyncDisposable
{
    /// <summary>
    /// How long an invocation waits for an environment that has answered its last one but not asked for the next yet. A caller on this
    /// machine is quicker with its next request than the runtime is; through the network of a region it would not be.
    /// </summary>
    private static readonly TimeSpan HandoverPatience = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private readonly List<ExecutionEnvironment> _all = [];
    private readonly List<ExecutionEnvironment> _idle = []; // the most recently used last
    private readonly Dictionary<ExecutionEnvironment, Task> _running = [];
    private readonly Dictionary<ExecutionEnvironment, Handover> _answered = [];
    private bool _disposed;

    /// <summary>All environments, oldest first.</summary>
    public IReadOnlyList<ExecutionEnvironment> All
    {
        get
        {
            lock (_gate) return [.. _all];
        }
    }

    /// <summary>Finds an environment for the invocation and lets it run there.</summary>
    /// <returns>False when all are busy and no more are allowed.</returns>
    public async Task<bool> TryDispatchAsync(PendingInvocation invocation)
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
            if (handover.Next != invocation) return true; // it runs
            handover.Next = null;
            ObjectDisposedException.ThrowIf(_disposed, this);
            return TryDispatchNow(invocation);
        }
    }

    /// <summary>Starts an environment ahead of any invocation, as provisioned concurrency does, and returns when it is frozen.</summary>
    /// <returns>The environment, or why its Init failed; it is gone then.</returns>
    /// <exception cref="InvalidOperationException">The maximum concurrency is reached.</exception>
    public async Task<(ExecutionEnvironment Environment, InitFailure? Failure)> StartAsync()
    {
        ExecutionEnvironment environment;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_all.Count >= maxConcurrency)
                throw new InvalidOperationException($"there are {maxConcurrency} environments already, the maximum concurrency");
            environment = create(true);
            _all.Add(environment);
        }
        InitFailure? failure = await environment.InitializeAsync();
        if (failure is null)
        {
            await environment.FreezeIfIdleAsync();
            lock (_gate)
                if (_all.Contains(environment)) _idle.Add(environment);
        }
        else
            await StopAsync(environment, kill: true);
        return (environment, failure);
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
            if (kill || running is null) _all.Remove(environment);
        }
        if (running is not null && !kill) await running;
        await environment.StopAsync(kill);
        lock (_gate) _all.Remove(environment);
    }

    public async ValueTask DisposeAsync()
    {
        ExecutionEnvironment[] all;
        Task[] running, answered;
        lock (_gate)
        {
            _disposed = true;
            _idle.Clear();
            all = [.. _all];
            _all.Clear();
            running = [.. _running.Values];
            answered = [.. _answered.Values.Select(static handover => handover.Ended)];
        }
        // Who has answered may tidy up before it is ended: to its caller the invocation is over.
        await Task.WhenAny(Task.WhenAll(answered), Task.Delay(HandoverPatience, TimeProvider.System));
        await Task.WhenAll(all.Select(static async environment => await environment.DisposeAsync()));
        await Task.WhenAll(running);
    }

    private bool TryDispatchNow(PendingInvocation invocation)
    {
        ExecutionEnvironment environment;
        if (_idle.Count > 0)
        {
            environment = _idle[^1];
            _idle.RemoveAt(_idle.Count - 1);
        }
        else if (_all.Count < maxConcurrency)
        {
            environment = create(false);
            _all.Add(environment);
        }
        else
            return false;
        Run(environment, invocation);
        return true;
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
            if (!Release(environment)) await environment.FreezeIfIdleAsync();
        }
        catch (Exception exception)
        {
            // Whatever it is, the caller must hear of it and the environment cannot be trusted any more.
            log.Write(environment.Id, LogSource.Platform, $"the emulator failed: {exception}");
            environment.IsLeaving = true;
            Release(environment);
            lock (_gate) _all.Remove(environment);
            invocation.Fail(exception);
            await environment.StopAsync(kill: true);
        }
    }

    /// <summary>The environment has served its invocation.</summary>
    /// <returns>Whether it has got the next one already.</returns>
    private bool Release(ExecutionEnvironment environment)
    {
        lock (_gate)
        {
            _running.Remove(environment);
            _answered.Remove(environment, out Handover? handover);
            handover?.End();
            if (_disposed || environment.IsLeaving || !_all.Contains(environment)) return false;
            if (handover?.Next is not { } next)
            {
                _idle.Add(environment);
                return false;
            }
            handover.Next = null;
            Run(environment, next);
            return true;
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
