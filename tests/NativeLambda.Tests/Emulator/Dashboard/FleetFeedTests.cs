using Microsoft.Extensions.Time.Testing;
using NativeLambda.Emulator;
using NativeLambda.Emulator.Dashboard;
using NativeLambda.Emulator.Dashboard.Feed;
using NativeLambda.Emulator.Freezing;
using NativeLambda.Emulator.Logging;

namespace NativeLambda.Tests.Emulator.Dashboard;

/// <summary>What the feed keeps for those who come back or are slow. Its clock stands still: an event is made when a snapshot is asked for.</summary>
public sealed class FleetFeedTests : IAsyncLifetime
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    private readonly FeedState _state = new(new FakeTimeProvider()) { Target = new NoFunctions() };
    private FleetFeed _feed = null!;

    public ValueTask InitializeAsync()
    {
        _feed = new FleetFeed(_state);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _feed.DisposeAsync();

    [Fact]
    public async Task The_last_events_are_told_without_a_gap_and_who_has_missed_more_gets_none_of_them()
    {
        long last = 0;
        for (int i = 0; i < FleetFeed.Kept + 8; i++) last = Publish(lines: 1, length: 1);
        IReadOnlyList<FeedMessage>? told = await _feed.ReadAsync(last - FleetFeed.Kept, Cancellation);
        Assert.Equal(Enumerable.Range(1, FleetFeed.Kept).Select(n => last - FleetFeed.Kept + n), told!.Select(static message => message.Number));
        Assert.Null(await _feed.ReadAsync(last - FleetFeed.Kept - 1, Cancellation));
        Assert.Equal(last, Assert.Single((await _feed.ReadAsync(last - 1, Cancellation))!).Number);
        Assert.Null(await _feed.ReadAsync(last + 1, Cancellation)); // never told
    }

    [Fact]
    public async Task No_more_bytes_are_kept_than_there_is_room_for_but_always_the_last_event()
    {
        long last = 0;
        for (int i = 0; i < FleetFeed.Kept; i++) last = Publish(RecentLog.Kept, length: 900);
        IReadOnlyList<FeedMessage> kept = [];
        for (long after = last - 1; await _feed.ReadAsync(after, Cancellation) is { } more; after--) kept = more;
        Assert.InRange(kept.Count, 2, FleetFeed.Kept - 1);
        long bytes = kept.Sum(static message => (long)message.Json.Length);
        Assert.InRange(bytes, FleetFeed.KeptBytes - kept[0].Json.Length, FleetFeed.KeptBytes);
    }

    [Fact]
    public async Task Who_has_got_everything_waits_for_the_next_event()
    {
        long last = Publish(lines: 1, length: 1);
        Task<IReadOnlyList<FeedMessage>?> next = _feed.ReadAsync(last, Cancellation);
        Assert.False(next.IsCompleted);
        Publish(lines: 1, length: 1);
        Assert.Equal(last + 1, Assert.Single((await next)!).Number);
    }

    private long Publish(int lines, int length)
    {
        for (int i = 0; i < lines; i++)
            _state.Observe(new LogLine(_state.Time.GetUtcNow(), "e", LogSource.StandardOutput, new string('x', length)) { FunctionName = "f" });
        return _feed.Snapshot().Number;
    }

    private sealed class NoFunctions : IDashboardTarget
    {
        public FreezeMethod FreezeMethod => FreezeMethod.Signal;

        public IReadOnlyList<DashboardFunction> Functions => [];

        public Task<InvokeResult> InvokeAsync(string function, ReadOnlyMemory<byte> payload) => throw new InvalidOperationException();

        public Task<string> StartEnvironmentAsync(string function) => throw new InvalidOperationException();

        public Task FreezeAsync(string environmentId) => throw new InvalidOperationException();

        public Task ThawAsync(string environmentId) => throw new InvalidOperationException();

        public Task KillAsync(string environmentId) => throw new InvalidOperationException();

        public Task ShutdownAsync(string environmentId) => throw new InvalidOperationException();
    }
}
