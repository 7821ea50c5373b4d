using Microsoft.Extensions.Time.Testing;
using NativeLambda.Database;
using NativeLambda.Http;
using NativeLambda.Runtime;
using NativeLambda.Settings;
using NativeLambda.Tests.TestSupport;

namespace NativeLambda.Tests.Runtime;

public sealed class InvocationLoopTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly FakeSessionFactory _factory = new();
    private readonly RecordingRuntimeApi _api = new();
    private readonly LogRecorder _log;
    private readonly InitPhase _init;

    public InvocationLoopTests()
    {
        _log = new LogRecorder(_time);
        _init = new InitPhase(_api, _time, _log.Log);
    }

    public void Dispose() => _log.Dispose();

    private LiveConnection Connection => new(TestSettings.With(null), new StartupGuards(new ServerSettings(), _log.Log), _factory, _time, new Random(1), _log.Log);

    private Invocation Event(string requestId) => new()
    {
        RequestId = requestId,
        DeadlineUnixMs = (_time.GetUtcNow() + TimeSpan.FromSeconds(10)).ToUnixTimeMilliseconds(),
        Payload = HttpEventJson.Create("GET", "/"),
    };

    [Fact]
    public async Task The_loop_cleans_the_session_before_it_asks_for_the_next_invocation_and_ends_when_the_platform_says_so()
    {
        _api.Enqueue(Event("a"));
        _api.Enqueue(Event("b"));
        await using LiveConnection connection = Connection;
        await connection.OpenInInitAsync(TimeSpan.FromSeconds(8));
        var resets = new List<int>();
        _api.OnNext = () => resets.Add(_factory.Current.Calls.Count);
        int exitCode = await InvocationLoop.RunAsync(_init, connection, (_, _, _, _) => ValueTask.FromResult(HttpResponse.NoContent()));
        Assert.Equal(1, exitCode);
        Assert.Equal(["next", "response a", "next", "response b", "next"], _api.Calls.Select(call => string.Join(' ', call.Split(' ').Take(2))));
        Assert.Equal([0, 1, 2], resets);
    }

    [Fact]
    public async Task Events_of_other_kinds_are_read_and_written_as_json()
    {
        _api.Enqueue(Event("a") with { Payload = "20"u8.ToArray() });
        _api.Enqueue(Event("b") with { Payload = "\"x\""u8.ToArray() });
        await using LiveConnection connection = Connection;
        await InvocationLoop.RunAsync(
            _init, connection, (int input, Npgsql.NpgsqlConnection _, InvocationContext _, CancellationToken _) => ValueTask.FromResult(input + 1),
            NumberContext.Default.Int32, NumberContext.Default.Int32);
        Assert.Equal("response a 21", _api.Calls[1]);
        Assert.StartsWith("error b NativeLambda.InvalidEvent: The event cannot be read as Int32", _api.Calls[3], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_fails_in_Init_is_reported_to_init_error_with_exit_code_1()
    {
        int exitCode = await InitPhase.RunAsync(_ => throw new SettingsException("PGPORT", "PGPORT is 'x': use a port."), _init);
        Assert.Equal(1, exitCode);
        Assert.Equal(["init/error NativeLambda.InvalidSettings: PGPORT is 'x': use a port."], _api.Calls);
    }

    [Fact]
    public async Task What_fails_after_Init_is_not_reported_as_if_it_had_failed_in_Init()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => InitPhase.RunAsync(
            init =>
            {
                init.End();
                throw new InvalidOperationException("a bug");
            },
            _init));
        Assert.Empty(_api.Calls);
    }
}
