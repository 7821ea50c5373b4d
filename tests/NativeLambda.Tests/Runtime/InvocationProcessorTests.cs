using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using NativeLambda.Database;
using NativeLambda.Http;
using NativeLambda.Runtime;
using NativeLambda.Telemetry;
using NativeLambda.Tests.TestSupport;
using Npgsql;

namespace NativeLambda.Tests.Runtime;

public sealed class InvocationProcessorTests : IDisposable
{
    private const string Trace = "Root=1-5759e988-bd862e3fe1be46a994272793";
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _time = new();
    private readonly FakeSessionFactory _factory = new();
    private readonly RecordingRuntimeApi _api = new();
    private readonly LogRecorder _log;

    public InvocationProcessorTests() => _log = new LogRecorder(_time);

    public void Dispose() => _log.Dispose();

    private async Task<InvocationProcessor> StartAsync(HttpHandler handler, bool withDatabase = true, bool metrics = false)
    {
        var connection = new LiveConnection(TestSettings.With(null) with { Telemetry = new TelemetrySettings { Metrics = metrics } }, new StartupGuards(new ServerSettings(), _log.Log), _factory, _time, new Random(1), _log.Log);
        if (withDatabase)
            await connection.OpenInInitAsync(TimeSpan.FromSeconds(8));
        return new InvocationProcessor(_api, connection, new HttpEventAdapter(handler), _time, _log.Log);
    }

    private Invocation Event(string method, string? requestId = null) => new()
    {
        RequestId = requestId ?? "r1",
        DeadlineUnixMs = (_time.GetUtcNow() + Timeout).ToUnixTimeMilliseconds(),
        Payload = HttpEventJson.Create(method, "/products/1"),
    };

    private string Answer => Assert.Single(_api.Calls);

    private static ValueTask<HttpResponse> Ok() => ValueTask.FromResult(HttpResponse.Text(200, "fine"));

    [Fact]
    public async Task The_response_is_posted_before_the_session_is_cleaned()
    {
        InvocationProcessor processor = await StartAsync((_, _, _, _) => Ok());
        bool cleanedBeforePost = false;
        _factory.Current.Server = _ =>
        {
            cleanedBeforePost = _api.Calls.Count == 0;
            return Task.CompletedTask;
        };
        await processor.ProcessAsync(Event("GET"));
        Assert.StartsWith("response r1 ", Answer, StringComparison.Ordinal);
        Assert.Contains("fine", Answer, StringComparison.Ordinal);
        Assert.Equal(["reset"], _factory.Current.Calls);
        Assert.False(cleanedBeforePost);
    }

    [Theory]
    [InlineData("throws", 1)]
    [InlineData("throws after the response", 1)]
    [InlineData("leaves a transaction", 1)]
    [InlineData("answers with a problem", 0)]
    [InlineData("loses its connection", 0)]
    [InlineData("answers", 0)]
    public async Task What_is_the_handlers_fault_is_counted_once(string what, int errors)
    {
        InvocationProcessor processor = await StartAsync(
            (_, _, context, _) =>
            {
                switch (what)
                {
                    case "throws":
                        throw new InvalidOperationException("wrong");
                    case "throws after the response":
                        context.AfterResponse((_, _) => throw new InvalidOperationException("wrong"));
                        break;
                    case "leaves a transaction":
                        _factory.Current.Condition = SessionCondition.InTransaction;
                        break;
                    case "answers with a problem":
                        return ValueTask.FromResult(HttpResponse.Text(500, "no"));
                    case "loses its connection":
                        _factory.Current.Condition = SessionCondition.Broken;
                        throw new NpgsqlException("Exception while reading from stream");
                }

                return Ok();
            },
            metrics: true);
        await processor.ProcessAsync(Event("POST"));
        string[] counted = [.. _log.Lines.Where(line => line.Contains("\"HandlerErrors\":", StringComparison.Ordinal))];
        Assert.Equal(errors, counted.Length);
        Assert.All(counted, line => Assert.Contains("\"HandlerErrors\":1}", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Records_of_an_invocation_name_its_trace_and_those_of_none_do_not()
    {
        using var log = new LogRecorder(_time, json: true);
        var connection = new LiveConnection(TestSettings.With(null), new StartupGuards(new ServerSettings(), log.Log), _factory, _time, new Random(1), log.Log);
        await connection.OpenInInitAsync(TimeSpan.FromSeconds(8));
        var processor = new InvocationProcessor(_api, connection, new HttpEventAdapter((_, _, context, _) =>
        {
            log.Log.Write(LogLevel.Info, "a handler's own", context.RequestId);
            log.Log.Write(LogLevel.Info, "nobody's");
            return Ok();
        }), _time, log.Log);
        await processor.ProcessAsync(Event("GET", "r1") with { TraceId = Trace });
        await processor.ProcessAsync(Event("GET", "r2"));
        log.Log.Write(LogLevel.Info, "late", "r1");
        (string? RequestId, string? TraceId)[] records = [.. log.Lines.Select(line => JsonElement.Parse(line)).Select(record => (Text(record, "requestId"), Text(record, "traceId")))];
        Assert.Equal(
            [(null, null), ("r1", Trace), ("r1", Trace), (null, null), ("r2", null), ("r2", null), (null, null), ("r1", null)],
            records);

        static string? Text(JsonElement record, string name) => record.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
    }

    [Fact]
    public async Task The_handler_gets_the_facts_of_its_invocation()
    {
        InvocationContext? seen = null;
        InvocationProcessor processor = await StartAsync((_, _, context, _) =>
        {
            seen = context;
            return Ok();
        });
        await processor.ProcessAsync(Event("GET", "abc"));
        Assert.NotNull(seen);
        Assert.Equal(("abc", Timeout, true, true, 1000), (seen.RequestId, seen.RemainingTime, seen.IsColdStart, seen.IsIdempotent, seen.Connection.BackendPid));
    }

    [Fact]
    public async Task An_event_that_is_not_http_is_an_invocation_error_and_does_not_touch_the_connection()
    {
        InvocationProcessor processor = await StartAsync((_, _, _, _) => Ok());
        await processor.ProcessAsync(Event("GET") with { Payload = "{}"u8.ToArray() });
        Assert.StartsWith("error r1 NativeLambda.InvalidEvent: ", Answer, StringComparison.Ordinal);
        Assert.Empty(_factory.Current.Calls);
    }

    [Fact]
    public async Task A_handler_that_throws_is_an_invocation_error_whose_stack_trace_goes_to_the_log_only()
    {
        InvocationProcessor processor = await StartAsync((_, _, _, _) => throw new ArgumentException("no such colour"));
        await processor.ProcessAsync(Event("GET"));
        Assert.Equal("error r1 ArgumentException: no such colour", Answer);
        Assert.Contains(" at ", _log.Text, StringComparison.Ordinal);
        Assert.Equal(["reset"], _factory.Current.Calls);
    }

    [Fact]
    public async Task Without_a_database_the_handler_does_not_run_and_the_caller_gets_503_with_Retry_After()
    {
        bool ran = false;
        InvocationProcessor processor = await StartAsync(
            (_, _, _, _) =>
            {
                ran = true;
                return Ok();
            },
            withDatabase: false);
        _factory.FailWith(new PostgresException("no such database", "FATAL", "FATAL", SqlStates.InvalidCatalogName));
        await processor.ProcessAsync(Event("POST"));
        Assert.False(ran);
        Assert.Contains("\"statusCode\":503", Answer, StringComparison.Ordinal);
        Assert.Contains("\"retry-after\":\"1\"", Answer, StringComparison.Ordinal);
        Assert.DoesNotContain("db.example", Answer, StringComparison.Ordinal);
        Assert.Contains("db.example", _log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(TestSettings.Password, _log.Text, StringComparison.Ordinal);
    }

    private HttpHandler LosesTheConnection(int times, Action<InvocationContext>? first = null)
    {
        int runs = 0;
        return (_, _, context, _) =>
        {
            first?.Invoke(context);
            if (++runs > times)
                return ValueTask.FromResult(HttpResponse.Text(200, $"run {runs} on {context.Connection.BackendPid}"));
            _factory.Current.Condition = SessionCondition.Broken;
            throw new NpgsqlException("Exception while reading from stream");
        };
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("OPTIONS")]
    public async Task A_connection_lost_under_an_idempotent_method_runs_the_handler_once_more(string method)
    {
        InvocationProcessor processor = await StartAsync(LosesTheConnection(times: 1));
        await processor.ProcessAsync(Event(method));
        Assert.Contains("\"statusCode\":200", Answer, StringComparison.Ordinal);
        Assert.Equal(2, _factory.Opened.Count);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    public async Task A_connection_lost_under_a_write_is_never_run_again_and_says_that_the_outcome_is_unknown(string method)
    {
        InvocationProcessor processor = await StartAsync(LosesTheConnection(times: 1));
        await processor.ProcessAsync(Event(method));
        Assert.Contains("\"statusCode\":503", Answer, StringComparison.Ordinal);
        Assert.Contains("whether it took effect is not known", Answer, StringComparison.Ordinal);
        Assert.Single(_factory.Opened);
    }

    [Fact]
    public async Task A_handler_that_declares_its_write_idempotent_is_run_again()
    {
        InvocationProcessor processor = await StartAsync(LosesTheConnection(times: 1, context => context.IsIdempotent = true));
        await processor.ProcessAsync(Event("POST"));
        Assert.Contains("run 2 on 1001", Answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_lost_twice_is_a_503_and_there_is_no_third_run()
    {
        InvocationProcessor processor = await StartAsync(LosesTheConnection(times: 2));
        await processor.ProcessAsync(Event("GET"));
        Assert.Contains("\"statusCode\":503", Answer, StringComparison.Ordinal);
        Assert.Contains("a repeat changes nothing twice", Answer, StringComparison.Ordinal);
        Assert.Equal(2, _factory.Opened.Count);
    }

    [Fact]
    public async Task A_connection_lost_with_no_time_left_is_not_tried_again()
    {
        InvocationProcessor processor = await StartAsync(LosesTheConnection(times: 1, _ => _time.Advance(TimeSpan.FromMilliseconds(9_600))));
        await processor.ProcessAsync(Event("GET"));
        Assert.Contains("\"statusCode\":503", Answer, StringComparison.Ordinal);
        Assert.Single(_factory.Opened);
    }

    [Fact]
    public async Task A_handler_that_reacts_to_its_token_is_a_504_and_its_connection_is_verified_before_the_next_use()
    {
        var cancelled = new TaskCompletionSource();
        InvocationProcessor processor = await StartAsync(async (_, _, _, token) =>
        {
            await Task.Delay(System.Threading.Timeout.InfiniteTimeSpan, _time, token);
            return HttpResponse.NoContent();
        });
        Task processing = processor.ProcessAsync(Event("GET"));
        _time.Advance(TimeSpan.FromMilliseconds(9_749));
        Assert.Empty(_api.Calls);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await processing;
        Assert.Contains("\"statusCode\":504", Answer, StringComparison.Ordinal);
        Assert.Equal(["reset"], _factory.Current.Calls);
    }

    [Fact]
    public async Task A_handler_that_ignores_its_token_is_answered_for_and_loses_its_connection()
    {
        var end = new TaskCompletionSource<HttpResponse>();
        int runs = 0;
        InvocationProcessor processor = await StartAsync((_, _, _, _) => ++runs == 1 ? new ValueTask<HttpResponse>(end.Task) : Ok());
        Task processing = processor.ProcessAsync(Event("GET"));
        _time.Advance(TimeSpan.FromMilliseconds(9_875));
        await processing;
        Assert.Contains("\"statusCode\":504", Answer, StringComparison.Ordinal);
        Assert.Equal(["close"], _factory.Opened[0].Calls);

        await processor.ProcessAsync(Event("GET", "r2"));
        end.SetResult(HttpResponse.Text(200, "late"));
        Assert.Contains("fine", _api.Calls[1], StringComparison.Ordinal);
        Assert.Equal(2, _api.Calls.Count);
        Assert.Equal(2, _factory.Opened.Count);
    }

    [Fact]
    public async Task A_response_over_the_limit_is_an_error_that_is_known_before_it_is_posted()
    {
        InvocationProcessor processor = await StartAsync((_, _, _, _) => ValueTask.FromResult(HttpResponse.Text(200, new string('x', ResponseLimits.MaxPayloadBytes))));
        await processor.ProcessAsync(Event("GET"));
        Assert.StartsWith("error r1 Function.ResponseSizeTooLarge: ", Answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_response_that_http_does_not_allow_is_an_invocation_error()
    {
        InvocationProcessor processor = await StartAsync((_, _, _, _) => ValueTask.FromResult(HttpResponse.NoContent().WithHeader("x", "a\r\nb: c")));
        await processor.ProcessAsync(Event("GET"));
        Assert.StartsWith("error r1 NativeLambda.InvalidResponse: ", Answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_response_does_not_end_the_environment()
    {
        InvocationProcessor processor = await StartAsync((_, _, _, _) => Ok());
        _api.Refusal = new RuntimeApiException(System.Net.HttpStatusCode.RequestEntityTooLarge, "too large", errorType: null);
        await processor.ProcessAsync(Event("GET"));
        Assert.Equal(["reset"], _factory.Current.Calls);
        Assert.Contains("refused the answer", _log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_head_request_is_answered_without_a_body()
    {
        InvocationProcessor processor = await StartAsync((_, _, _, _) => Ok());
        await processor.ProcessAsync(Event("HEAD"));
        Assert.DoesNotContain("fine", Answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Work_registered_for_after_the_response_runs_after_it_and_before_the_session_is_cleaned()
    {
        var order = new List<string>();
        InvocationProcessor processor = await StartAsync((_, _, context, _) =>
        {
            context.AfterResponse((connection, _) =>
            {
                order.Add($"work after {_api.Calls.Count} posts");
                Assert.Same(_factory.Current.Connection, connection);
                return ValueTask.CompletedTask;
            });
            return Ok();
        });
        _factory.Current.Server = _ =>
        {
            order.Add("reset");
            return Task.CompletedTask;
        };
        await processor.ProcessAsync(Event("GET"));
        await processor.ProcessAsync(Event("GET") with { Payload = "{}"u8.ToArray() });
        Assert.Equal(["work after 1 posts", "reset"], order);
    }

    [Fact]
    public async Task Work_after_the_response_that_fails_is_logged_and_changes_nothing_for_the_caller()
    {
        InvocationProcessor processor = await StartAsync((_, _, context, _) =>
        {
            context.AfterResponse((_, _) => throw new InvalidOperationException("too late"));
            return Ok();
        });
        await processor.ProcessAsync(Event("GET"));
        Assert.StartsWith("response r1 ", Answer, StringComparison.Ordinal);
        Assert.Contains("Work after the response failed", _log.Text, StringComparison.Ordinal);
        Assert.Contains("too late", _log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Work_after_the_response_ends_with_the_deadline()
    {
        InvocationProcessor processor = await StartAsync((_, _, context, _) =>
        {
            context.AfterResponse(async (_, token) => await Task.Delay(System.Threading.Timeout.InfiniteTimeSpan, _time, token));
            return Ok();
        });
        Task processing = processor.ProcessAsync(Event("GET"));
        _time.Advance(TimeSpan.FromMilliseconds(9_750));
        await processing;
        Assert.Contains("Work after the response failed", _log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_handler_that_fails_does_not_run_its_work_after_the_response()
    {
        bool ran = false;
        InvocationProcessor processor = await StartAsync((_, _, context, _) =>
        {
            context.AfterResponse((_, _) =>
            {
                ran = true;
                return ValueTask.CompletedTask;
            });
            throw new InvalidOperationException("no");
        });
        await processor.ProcessAsync(Event("GET"));
        Assert.False(ran);
    }

    [Fact]
    public async Task A_write_on_a_read_only_server_is_a_503_and_the_connection_is_replaced()
    {
        InvocationProcessor processor = await StartAsync(
            (_, _, _, _) => throw new PostgresException("cannot execute INSERT in a read-only transaction", "ERROR", "ERROR", SqlStates.ReadOnlyTransaction));
        await processor.ProcessAsync(Event("POST"));
        Assert.Contains("\"statusCode\":503", Answer, StringComparison.Ordinal);
        Assert.Contains("failing over", Answer, StringComparison.Ordinal);
        Assert.Equal(["close"], _factory.Current.Calls);
    }
}
