using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using NativeLambda.Emulator;
using NativeLambda.Emulator.Dashboard;
using NativeLambda.Emulator.Dashboard.Feed;
using NativeLambda.Emulator.Environments;
using NativeLambda.Emulator.Freezing;
using NativeLambda.Emulator.Http;
using NativeLambda.Emulator.Logging;

namespace NativeLambda.IntegrationTests.Dashboard;

/// <summary>A dashboard over environments that exist on paper only: any number, in any phase, at once.</summary>
internal sealed class StagedDashboard : IAsyncDisposable
{
    private readonly HttpService _http;
    private readonly DashboardServer _server;
    private readonly HttpEndpoint _endpoint;

    private StagedDashboard(HttpService http, TimeProvider time)
    {
        _http = http;
        State = new FeedState(time);
        _server = new DashboardServer(State, new NoLambda(), database: null);
        _endpoint = http.Listen(0, _server.HandleAsync);
    }

    public FeedState State { get; }

    public Uri Url => _endpoint.Uri;

    public static async Task<StagedDashboard> StartAsync(TimeProvider? time = null) =>
        new(await HttpService.StartAsync(static exception => Assert.Fail(exception.ToString()), CancellationToken.None), time ?? TimeProvider.System);

    /// <summary>A clock for feeds whose beat a test gives.</summary>
    public static FakeTimeProvider NewClock() => new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));

    public static string Id(int number) => string.Create(CultureInfo.InvariantCulture, $"{number:x4}{number:x28}");

    public void Show(int number, EnvironmentState state, int invocations = 0, bool held = false) => State.Observe("products", () => new EnvironmentSnapshot
    {
        Id = Id(number),
        State = state,
        StandsStill = held,
        ProcessId = state is EnvironmentState.Reset or EnvironmentState.Dead ? null : 1000 + number,
        ProcessesStarted = 1,
        Invocations = invocations,
        InitDuration = TimeSpan.FromMilliseconds(25),
        LastDuration = invocations == 0 ? null : TimeSpan.FromMilliseconds(invocations),
        FreezeMethod = FreezeMethod.CgroupV2,
        RuntimeApi = new Uri("http://127.0.0.1:1/"),
    });

    public void Log(int number, LogSource source, string text) =>
        State.Observe(new LogLine(State.Time.GetUtcNow(), Id(number), source, text) { FunctionName = "products" });

    /// <summary>As the platform logs what it tells.</summary>
    public void Log(int number, PlatformEvent told, LogFormat format = LogFormat.Text) => State.Observe(
        new LogLine(State.Time.GetUtcNow(), Id(number), LogSource.Platform, format == LogFormat.Text ? told.Text! : told.ToJson(State.Time.GetUtcNow()))
        {
            FunctionName = "products",
            Event = told,
        });

    /// <summary>One environment of each phase.</summary>
    public void ShowEveryPhase()
    {
        Show(0, EnvironmentState.Initializing);
        Show(1, EnvironmentState.Idle, 1);
        Show(2, EnvironmentState.Busy, 2);
        Show(3, EnvironmentState.Frozen, 3);
        Show(4, EnvironmentState.Busy, 4, held: true);
        Show(5, EnvironmentState.Reset, 5);
        Show(6, EnvironmentState.Stopping, 6);
        Show(7, EnvironmentState.Frozen, 7);
        Show(8, EnvironmentState.Frozen, 8);
        State.Fleet.ObserveBackends(new Dictionary<string, int> { [Id(3)] = 4711, [Id(7)] = 4712, [Id(8)] = 4713 });
        State.Fleet.ObserveBackends(new Dictionary<string, int> { [Id(3)] = 4711 });
        Show(8, EnvironmentState.Busy, 9); // reopening
        Show(9, EnvironmentState.Frozen, 9);
        Show(9, EnvironmentState.Dead, 9);
    }

    public async ValueTask DisposeAsync()
    {
        _endpoint.Dispose();
        await _server.DisposeAsync();
        await _http.DisposeAsync();
    }

    private sealed class NoLambda : IDashboardTarget
    {
        public FreezeMethod FreezeMethod => FreezeMethod.CgroupV2;

        public IReadOnlyList<DashboardFunction> Functions { get; } = [new("products", 512, TimeSpan.FromSeconds(10), 300)];

        public Task<InvokeResult> InvokeAsync(string function, ReadOnlyMemory<byte> payload) => throw new InvalidOperationException("on paper only");

        public Task<string> StartEnvironmentAsync(string function) => throw new InvalidOperationException("on paper only");

        public Task FreezeAsync(string environmentId) => Task.CompletedTask;

        public Task ThawAsync(string environmentId) => Task.CompletedTask;

        public Task KillAsync(string environmentId) => Task.CompletedTask;

        public Task ShutdownAsync(string environmentId) => Task.CompletedTask;
    }
}
