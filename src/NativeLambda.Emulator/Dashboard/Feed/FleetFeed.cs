using System.Buffers;

namespace NativeLambda.Emulator.Dashboard.Feed;

/// <summary>
/// Turns what happens into events: at most one in <see cref="Interval"/>, whatever happens, made once for all clients. The last ones
/// are kept, so that a client is nothing but the number of the last event it has got; one that is too slow gets a snapshot instead.
/// </summary>
internal sealed class FleetFeed : IAsyncDisposable
{
    /// <summary>The shortest time between two events.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>How many events are kept, and how many bytes of them.</summary>
    internal const int Kept = 64;
    internal const int KeptBytes = 4 * 1024 * 1024;

    /// <summary>Figures are told every so many intervals.</summary>
    private const int FiguresEvery = 5;

    private readonly FeedState _state;
    private readonly Lock _gate = new();
    private readonly LinkedList<FeedMessage> _kept = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private TaskCompletionSource _published = NewSignal();
    private long _keptBytes;
    private long _number;
    private long _fleetVersion;
    private long _logNumber;
    private byte[] _figures = [];
    private int _tick;
    private int _clients;
    private bool _ended;

    public FleetFeed(FeedState state)
    {
        _state = state;
        _running = RunAsync();
    }

    /// <summary>Told with every event's number, so that numbers of another run are not taken for this one's.</summary>
    public string Epoch { get; } = Guid.NewGuid().ToString("N")[..8];

    /// <summary>Without a client nothing is published.</summary>
    public IDisposable Join()
    {
        Interlocked.Increment(ref _clients);
        return new Membership(this);
    }

    /// <summary>All that there is, and the number of the last event it contains.</summary>
    public FeedMessage Snapshot()
    {
        lock (_gate)
        {
            Publish(figures: true);
            var json = new ArrayBufferWriter<byte>(16 * 1024);
            FeedWriter.WriteSnapshot(json, _state);
            return new FeedMessage(_number, json.WrittenSpan.ToArray());
        }
    }

    /// <summary>The events after a number, waiting for one if need be.</summary>
    /// <returns>Null when they are not kept any more; none at the end of the feed.</returns>
    public async Task<IReadOnlyList<FeedMessage>?> ReadAsync(long after, CancellationToken cancellation)
    {
        while (true)
        {
            Task published;
            lock (_gate)
            {
                if (_ended) return [];
                if (after > _number || after < _number - _kept.Count) return null;
                if (after < _number) return [.. _kept.Where(message => message.Number > after)];
                published = _published.Task;
            }
            await published.WaitAsync(cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        lock (_gate)
        {
            _ended = true;
            _published.TrySetResult();
        }
        _stop.Dispose();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(Interval, _state.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                if (Volatile.Read(ref _clients) == 0) continue;
                lock (_gate) Publish(figures: ++_tick % FiguresEvery == 0);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The end.
        }
    }

    private void Publish(bool figures)
    {
        var changes = new FeedWriter.Changes(_fleetVersion, _logNumber, figures ? _figures : null);
        if (FeedWriter.WriteChanges(_state, ref changes) is not { } json) return;
        (_fleetVersion, _logNumber, _figures) = (changes.FleetVersion, changes.LogNumber, changes.Figures ?? _figures);
        _kept.AddLast(new FeedMessage(++_number, json));
        _keptBytes += json.Length;
        while (_kept.Count > Kept || (_keptBytes > KeptBytes && _kept.Count > 1))
        {
            _keptBytes -= _kept.First!.Value.Json.Length;
            _kept.RemoveFirst();
        }
        TaskCompletionSource published = _published;
        _published = NewSignal();
        published.TrySetResult();
    }

    private sealed class Membership(FleetFeed feed) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0) Interlocked.Decrement(ref feed._clients);
        }
    }
}
