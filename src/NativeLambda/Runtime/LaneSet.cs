using NativeLambda.Database;
using NativeLambda.Telemetry;

namespace NativeLambda.Runtime;

/// <summary>The lanes of an environment: one, or on Lambda Managed Instances as many as <see cref="LaneCount"/> says.</summary>
internal sealed class LaneSet : IAsyncDisposable
{
    /// <summary>What the end of an invocation may take beyond its deadline: its answer and its take-back.</summary>
    private static readonly TimeSpan AfterDeadline = TimeSpan.FromSeconds(1);

    private readonly InitPhase _init;
    private readonly List<Lane> _lanes = [];
    private readonly List<LiveConnection> _connections = [];
    private readonly List<IRuntimeApi> _runtimes = [];

    private LaneSet(InitPhase init) => _init = init;

    /// <summary>
    /// Makes the lanes. The first has the connection and the client of the Init phase, each other one its own, opened all at once: one
    /// that cannot be opened now is opened by the first invocation of its lane.
    /// </summary>
    /// <exception cref="DatabaseOpenException">A connection cannot be opened, and waiting would not help.</exception>
    public static async Task<LaneSet> OpenAsync(InitPhase init, LiveConnection first, Func<IEventAdapter> createAdapter)
    {
        var set = new LaneSet(init);
        set._lanes.Add(new Lane(init.Runtime, first, createAdapter(), init));
        if (init.Lanes == 1)
            return set;
        Task<LiveConnection>[] opening = [.. Enumerable.Range(1, init.Lanes - 1).Select(_ => first.OpenAnotherAsync!())];
        try
        {
            await Task.WhenAll(opening);
        }
        finally
        {
            set._connections.AddRange(opening.Where(open => open.IsCompletedSuccessfully).Select(open => open.Result));
            if (set._connections.Count < opening.Length)
                await set.DisposeAsync();
        }

        foreach (LiveConnection connection in set._connections)
        {
            IRuntimeApi runtime = init.CreateRuntime!();
            set._runtimes.Add(runtime);
            set._lanes.Add(new Lane(runtime, connection, createAdapter(), init));
        }

        return set;
    }

    /// <summary>Runs an event through the handler of one lane: what that warms, all of them share.</summary>
    public Task PrimeAsync(PrimingEvent priming) => _lanes[0].PrimeAsync(priming);

    /// <summary>Serves invocations in all lanes until the end. When one lane ends, the others finish what they run and end as well.</summary>
    /// <param name="initDuration">How long Init took.</param>
    /// <param name="cancellationToken">Ends the lanes between two invocations.</param>
    /// <returns>The exit code: 0 after a cancellation, 1 when the Runtime API says that the environment cannot go on.</returns>
    public async Task<int> RunAsync(TimeSpan initDuration, CancellationToken cancellationToken)
    {
        foreach (Lane lane in _lanes)
            lane.Begin(initDuration);
        if (_lanes.Count == 1)
            return await _lanes[0].RunAsync(cancellationToken);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<int>[] running = [.. _lanes.Select(lane => lane.RunAsync(stop.Token))];
        await Task.WhenAny(running);
        await stop.CancelAsync();
        TimeSpan left = _lanes.Max(lane => lane.TimeLeft);
        Task<int[]> all = Task.WhenAll(running);
        try
        {
            return (await all.WaitAsync((left > TimeSpan.Zero ? left : TimeSpan.Zero) + AfterDeadline, _init.Time, CancellationToken.None)).Max();
        }
        catch (TimeoutException) when (!all.IsCompleted)
        {
            _init.Log.Write(LogLevel.Error, "The environment ends while an invocation still runs beyond its deadline.");
            return 1;
        }
    }

    /// <summary>Closes what the lanes besides the first have opened.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (IRuntimeApi runtime in _runtimes)
            (runtime as IDisposable)?.Dispose();
        await Task.WhenAll(_connections.Select(connection => connection.DisposeAsync().AsTask()));
        _connections.Clear();
    }
}
