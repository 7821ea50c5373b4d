using Microsoft.Extensions.Time.Testing;
using NativeLambda.Database;
using NativeLambda.Http;
using NativeLambda.Runtime;
using NativeLambda.Tests.TestSupport;
using Npgsql;

namespace NativeLambda.Tests.Runtime;

public sealed class PrimingTests : IDisposable
{
    private static readonly PrimingEvent Priming = PrimingEvent.Get("/products?limit=1");

    private readonly FakeTimeProvider _time = new();
    private readonly FakeSessionFactory _factory = new();
    private readonly RecordingRuntimeApi _api = new();
    private readonly LogRecorder _log;
    private readonly InitPhase _init;
    private readonly List<(string Path, InvocationContext Context)> _handled = [];

    public PrimingTests()
    {
        _log = new LogRecorder(_time);
        _init = new InitPhase(_api, _time, _log.Log) { Primes = true };
    }

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task The_handler_is_run_and_the_session_cleaned_before_the_first_invocation_is_asked_for_and_nobody_hears_of_it()
    {
        _api.Enqueue(Event("a"));
        List<string> atNext = [];
        _api.OnNext = () => atNext.Add($"{_handled.Count} handled, {string.Join(' ', _factory.Current.Calls)}");
        await ServeAsync(Handle);
        Assert.Equal("1 handled, reset", atNext[0]);
        Assert.Equal(["next", "response a", "next"], _api.Calls.Select(call => string.Join(' ', call.Split(' ').Take(2))));
        Assert.Empty(Lines);
        Assert.DoesNotContain(_log.Lines, static line => line.Contains(" priming ", StringComparison.Ordinal));
        Assert.Equal("/products limit=1", _handled[0].Path);
    }

    [Fact]
    public async Task It_counts_as_no_invocation_and_the_handler_can_tell()
    {
        _api.Enqueue(Event("a"));
        await ServeAsync(Handle);
        (InvocationContext primed, InvocationContext first) = (_handled[0].Context, _handled[1].Context);
        Assert.Equal((true, 0L, 0L, false), (primed.IsPriming, primed.Connection.Invocations, primed.Connection.ReusedFor, primed.IsColdStart));
        Assert.Equal((false, 1L, 1L, true), (first.IsPriming, first.Connection.Invocations, first.Connection.ReusedFor, first.IsColdStart));
        Assert.Equal(1, first.Connection.Opens);
        Assert.Equal("priming", primed.RequestId);
    }

    [Fact]
    public async Task Its_session_is_not_released_for_the_load_of_the_server_before_it_has_served()
    {
        await ServeAsync(Handle);
        Assert.Empty(_factory.Current.LoadStatements);
    }

    [Fact]
    public async Task Work_for_after_the_response_does_not_run()
    {
        bool ran = false;
        await ServeAsync((request, connection, context, cancellationToken) =>
        {
            context.AfterResponse((_, _) =>
            {
                ran = true;
                return ValueTask.CompletedTask;
            });
            return Handle(request, connection, context, cancellationToken);
        });
        Assert.Single(_handled);
        Assert.False(ran);
    }

    [Fact]
    public async Task A_handler_that_fails_is_logged_once_and_Init_goes_on()
    {
        _api.Enqueue(Event("a"));
        await ServeAsync((request, connection, context, cancellationToken) =>
            context.IsPriming ? throw new InvalidOperationException("a bug") : Handle(request, connection, context, cancellationToken));
        Assert.Contains(_api.Calls, static call => call.StartsWith("response a ", StringComparison.Ordinal));
        Assert.DoesNotContain(_api.Calls, static call => call.StartsWith("init/error", StringComparison.Ordinal));
        string line = Assert.Single(Lines);
        Assert.Contains("priming WARN Priming failed", line, StringComparison.Ordinal);
        Assert.Contains("a bug", line, StringComparison.Ordinal);
        Assert.Equal(["reset", "reset"], _factory.Current.Calls.Take(2));
    }

    [Fact]
    public async Task A_connection_that_the_handler_breaks_is_opened_again_in_Init()
    {
        _api.Enqueue(Event("a"));
        await ServeAsync((request, connection, context, cancellationToken) =>
        {
            if (context.IsPriming)
                _factory.Current.Condition = SessionCondition.Broken;
            return Handle(request, connection, context, cancellationToken);
        });
        Assert.Equal(2, _factory.Opened.Count);
        Assert.True(_factory.Opened[0].IsClosed);
        Assert.Equal((ConnectionCheck.Socket, 2), (_handled[1].Context.Connection.Check, _handled[1].Context.Connection.Opens));
    }

    [Fact]
    public async Task A_connection_that_cannot_be_opened_again_does_not_fail_Init()
    {
        _api.Enqueue(Event("a"));
        await ServeAsync((request, connection, context, cancellationToken) =>
        {
            if (context.IsPriming)
            {
                _factory.Current.Condition = SessionCondition.Broken;
                _factory.FailWith(new PostgresException("password authentication failed", "FATAL", "FATAL", "28P01"));
            }

            return Handle(request, connection, context, cancellationToken);
        });
        Assert.Contains(_api.Calls, static call => call.StartsWith("response a ", StringComparison.Ordinal));
        Assert.Contains(Lines, static line => line.Contains("28P01", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_handler_that_does_not_end_is_given_up_after_a_second()
    {
        _api.Enqueue(Event("a"));
        var cancelled = new TaskCompletionSource();
        var never = new TaskCompletionSource<HttpResponse>();
        Task<int> serving = ServeAsync(async (request, connection, context, cancellationToken) =>
        {
            if (!context.IsPriming)
                return await Handle(request, connection, context, cancellationToken);
            cancellationToken.Register(cancelled.SetResult);
            return await never.Task;
        });
        Assert.Empty(_api.Calls);
        _time.Advance(TimeSpan.FromMilliseconds(899));
        Assert.False(cancelled.Task.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await cancelled.Task;
        _time.Advance(TimeSpan.FromMilliseconds(50));
        await serving;
        Assert.Contains(_api.Calls, static call => call.StartsWith("response a ", StringComparison.Ordinal));
        Assert.Equal(2, _factory.Opened.Count);
        never.SetException(new IOException("the connection was taken"));
    }

    [Fact]
    public async Task It_takes_no_more_than_what_is_left_of_Init()
    {
        TimeSpan given = default;
        await ServeAsync(
            (request, connection, context, cancellationToken) =>
            {
                given = context.RemainingTime;
                return Handle(request, connection, context, cancellationToken);
            },
            beforeLoop: () => _time.Advance(TimeSpan.FromMilliseconds(7_700)));
        Assert.Equal(TimeSpan.FromMilliseconds(300), given);
    }

    [Fact]
    public async Task It_is_left_out_when_Init_has_taken_all_its_time()
    {
        await ServeAsync(Handle, beforeLoop: () => _time.Advance(TimeSpan.FromSeconds(8)));
        Assert.Equal(["next"], _api.Calls);
        Assert.Empty(_handled);
    }

    [Fact]
    public async Task It_is_left_out_without_a_connection()
    {
        await ServeAsync(Handle, isOpen: false);
        Assert.Equal(["next"], _api.Calls);
        Assert.Empty(_handled);
        Assert.Empty(_factory.Opened);
    }

    [Fact]
    public async Task It_is_left_out_where_a_slot_had_to_be_waited_for()
    {
        _factory.FailWith(new PostgresException("no", "FATAL", "FATAL", SqlStates.TooManyConnections));
        Task<int> serving = ServeAsync(Handle);
        await _time.PassUntilEndOfAsync(serving);
        await serving;
        Assert.Equal(["next"], _api.Calls);
        Assert.Empty(_handled);
    }

    [Fact]
    public async Task It_is_left_out_where_the_environment_does_not_prime()
    {
        _init.Primes = false;
        await ServeAsync(Handle);
        Assert.Empty(_handled);
    }

    [Fact]
    public async Task An_answer_that_warms_little_is_named()
    {
        await ServeAsync((_, _, _, _) => ValueTask.FromResult(HttpResponse.Problem(ProblemDetails.ForStatus(404))));
        Assert.Contains("Priming was answered with the status 404", Assert.Single(Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_that_is_none_is_logged_and_Init_goes_on()
    {
        await ServeAsync(Handle, priming: PrimingEvent.Json("""{"version":"1.0"}"""));
        Assert.Contains("payload format 1.0", Assert.Single(Lines), StringComparison.Ordinal);
        Assert.Equal(["next"], _api.Calls);
        Assert.Equal(["reset"], _factory.Current.Calls.Take(1));
    }

    [Theory]
    [InlineData("products")]
    [InlineData("")]
    [InlineData("/a b")]
    [InlineData("/\"")]
    [InlineData("/a#b")]
    [InlineData("/ä")]
    public void A_target_that_a_client_would_encode_is_refused(string target) =>
        Assert.Throws<ArgumentException>(() => PrimingEvent.Get(target));

    [Theory]
    [InlineData(null, null, false)]
    [InlineData(null, "on-demand", false)]
    [InlineData(null, "provisioned-concurrency", true)]
    [InlineData("auto", "lambda-managed-instances", true)]
    [InlineData("", "", false)]
    [InlineData("on", "on-demand", true)]
    [InlineData("off", "provisioned-concurrency", false)]
    public void By_default_it_is_done_where_nobody_waits(string? chosen, string? initialization, bool primes) =>
        Assert.Equal(primes, PrimingChoice.Read(name => name == PrimingChoice.Variable ? chosen : name == PrimingChoice.InitializationVariable ? initialization : null));

    [Fact]
    public async Task One_lane_of_several_is_primed()
    {
        await using var host = new LoopHost { Priming = Priming };
        host.SetVariable(PrimingChoice.InitializationVariable, "lambda-managed-instances");
        int primed = 0;
        using var end = new CancellationTokenSource();
        Task<int> serving = host.ServeAsync(
            (_, _, context, _) =>
            {
                Interlocked.Add(ref primed, context.IsPriming ? 1 : 0);
                return ValueTask.FromResult(HttpResponse.NoContent());
            },
            lanes: 3, end.Token);
        for (int lane = 0; lane < 3; lane++)
            await host.Api.WaitingAsync();
        await end.CancelAsync();
        Assert.Equal(0, await serving.WaitAsync(FakeRuntimeApi.Guard, TestContext.Current.CancellationToken));
        Assert.Equal(1, primed);
        Assert.DoesNotContain(host.Api.Requests, static request => request.Path.EndsWith("/response", StringComparison.Ordinal));
    }

    /// <summary>The log, without the end of the loop.</summary>
    private IEnumerable<string> Lines => _log.Lines.Where(static line =>
        !line.Contains("The Runtime API failed", StringComparison.Ordinal)
        && (line.Contains(" WARN ", StringComparison.Ordinal) || line.Contains(" ERROR ", StringComparison.Ordinal)));

    private ValueTask<HttpResponse> Handle(HttpRequest request, NpgsqlConnection connection, InvocationContext context, CancellationToken cancellationToken)
    {
        _handled.Add(($"{request.Path} {request.RawQueryString}", context));
        return ValueTask.FromResult(HttpResponse.Text(200, "fine"));
    }

    private async Task<int> ServeAsync(HttpHandler handler, bool isOpen = true, PrimingEvent? priming = null, Action? beforeLoop = null)
    {
        await using var connection = new LiveConnection(
            TestSettings.With(null), new StartupGuards(new ServerSettings(), _log.Log), _factory, _time, new Random(1), _log.Log);
        if (isOpen)
            await connection.OpenInInitAsync(TimeSpan.FromSeconds(8));
        beforeLoop?.Invoke();
        return await InvocationLoop.RunAsync(_init, connection, handler, priming ?? Priming);
    }

    private Invocation Event(string requestId) => new()
    {
        RequestId = requestId,
        DeadlineUnixMs = (_time.GetUtcNow() + TimeSpan.FromSeconds(10)).ToUnixTimeMilliseconds(),
        Payload = HttpEventJson.Create("GET", "/"),
    };
}
