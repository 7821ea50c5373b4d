using System.Diagnostics.Metrics;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NativeLambda.Gateway.Lambda;
using NativeLambda.Gateway.Lambda.Resilience;
using NativeLambda.Gateway.Tests.Invocation;
using NativeLambda.Gateway.Tests.Lambda.Http;

namespace NativeLambda.Gateway.Tests.Lambda.Resilience;

public sealed class ResilienceTests
{
    private static readonly LambdaClientOptions Quick = new() { RetryDelay = TimeSpan.FromMilliseconds(1), RetryBudget = TimeSpan.FromMinutes(1) };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_throttled_is_tried_until_it_works()
    {
        await using ScriptedServer server = Throttling(times: 3, retryAfter: null);
        using LambdaClient client = ClientBench.Connect(server, Quick);
        Assert.Equal("1", Encoding.UTF8.GetString((await client.InvokeAsync(ClientBench.Call(), Cancellation)).Payload.Span));
        Assert.Equal(4, server.Requests.Count);
    }

    [Fact]
    public async Task What_stays_throttled_is_refused_with_what_Lambda_said()
    {
        await using ScriptedServer server = Throttling(times: int.MaxValue, retryAfter: null);
        using LambdaClient client = ClientBench.Connect(server, Quick);
        LambdaRefusedException refused = await Assert.ThrowsAsync<LambdaRefusedException>(() => client.InvokeAsync(ClientBench.Call(), Cancellation));
        Assert.Equal((429, 6), (refused.StatusCode, server.Requests.Count));
    }

    [Fact]
    public async Task A_wait_that_is_longer_than_the_callers_time_is_left_to_the_caller()
    {
        await using ScriptedServer server = Throttling(times: int.MaxValue, retryAfter: 30);
        using LambdaClient client = ClientBench.Connect(server, Quick);
        LambdaCall call = ClientBench.Call() with { TimeLimit = TimeSpan.FromSeconds(29) };
        LambdaRefusedException refused = await Assert.ThrowsAsync<LambdaRefusedException>(() => client.InvokeAsync(call, Cancellation));
        Assert.Equal((TimeSpan.FromSeconds(30), 1), (refused.RetryAfter, server.Requests.Count));
    }

    [Fact]
    public async Task Nothing_is_tried_again_before_the_time_that_Lambda_asks_for()
    {
        var asked = TimeSpan.FromSeconds(5);
        int calls = 0;
        var lambda = new ScriptedLambda
        {
            Invoke = (_, _) => ++calls == 1 ? throw new LambdaRefusedException(429, "TooManyRequestsException", "Rate exceeded", asked) : Task.FromResult(ScriptedLambda.Result("1")),
        };
        var time = new FakeTimeProvider();
        using var metrics = new LambdaMetrics();
        Task<LambdaResult> call = new ResilientLambdaClient(lambda, Quick, metrics, time).InvokeAsync(ClientBench.Call(), Cancellation);
        time.Advance(asked - TimeSpan.FromTicks(1));
        Assert.Equal((1, false), (calls, call.IsCompleted));
        time.Advance(TimeSpan.FromTicks(1) + Quick.RetryDelay); // and no two callers at once
        await call.WaitAsync(Cancellation);
        Assert.Equal(2, calls);
    }

    [Fact]
    public async Task What_may_have_run_is_not_tried_again()
    {
        await using ScriptedServer server = ScriptedServer.Once([]);
        using LambdaClient client = ClientBench.Connect(server, Quick);
        await Assert.ThrowsAsync<LambdaUnreachableException>(() => client.InvokeAsync(ClientBench.Call(), Cancellation));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task An_endpoint_that_fails_is_left_alone_and_found_again()
    {
        bool broken = true;
        await using var server = new ScriptedServer(async (_, stream, cancellation) =>
        {
            if (broken) return false;
            await stream.WriteAsync(Encoding.Latin1.GetBytes(ScriptedServer.Response(200, "1")), cancellation);
            return true;
        });
        using LambdaClient client = ClientBench.Connect(server, Quick with { BreakDuration = TimeSpan.FromMilliseconds(500) });
        LambdaUnreachableException unreachable;
        int calls = 0;
        do
        {
            unreachable = await Assert.ThrowsAsync<LambdaUnreachableException>(() => client.InvokeAsync(ClientBench.Call(), Cancellation));
            Assert.True(++calls <= 100, "The circuit never opened.");
        }
        while (unreachable.RetryAfter is null);
        Assert.Equal(calls - 1, server.Requests.Count);
        Assert.False(unreachable.MayHaveRun);
        Assert.InRange(unreachable.RetryAfter.Value, TimeSpan.Zero, TimeSpan.FromMilliseconds(500));

        broken = false;
        while (true)
        {
            try
            {
                await client.InvokeAsync(ClientBench.Call(), Cancellation);
                break;
            }
            catch (LambdaUnreachableException open) when (open.RetryAfter is { } wait)
            {
                await Task.Delay(wait, TimeProvider.System, Cancellation);
            }
        }
    }

    [Fact]
    public async Task A_service_that_comes_up_late_is_waited_for()
    {
        using Socket late = TestSockets.Bind(out int port);
        using LambdaClient client = LambdaClient.Create(
            Quick with { Endpoint = new Uri($"http://127.0.0.1:{port}"), MaxRetries = 8, RetryDelay = TimeSpan.FromMilliseconds(20) }, static _ => null, NullLogger.Instance, TimeProvider.System);
        var retried = new TaskCompletionSource();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, meters) =>
        {
            if (instrument.Name == "nativelambda.gateway.lambda.retries") meters.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            if (tags[0].Value is "not_sent") retried.TrySetResult();
        });
        listener.Start();
        Task<LambdaResult> call = client.InvokeAsync(ClientBench.Call(), Cancellation);
        await retried.Task.WaitAsync(Cancellation);
        late.Listen();
        using Socket socket = await late.AcceptAsync(Cancellation);
        using var stream = new NetworkStream(socket);
        await stream.ReadAtLeastAsync(new byte[4096], 1, cancellationToken: Cancellation);
        await stream.WriteAsync(Encoding.Latin1.GetBytes(ScriptedServer.Response(200, "1")), Cancellation);
        Assert.Null((await call).FunctionError);
    }

    [Fact]
    public async Task Calls_are_counted_by_their_outcome()
    {
        await using ScriptedServer server = Throttling(times: 1, retryAfter: null);
        using LambdaClient client = ClientBench.Connect(server, Quick);
        string function = Guid.NewGuid().ToString("N");
        var outcomes = new List<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, meters) =>
        {
            if (instrument.Meter.Name == LambdaMetrics.MeterName) meters.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) =>
        {
            if (instrument.Name == "nativelambda.gateway.lambda.calls" && tags[0].Value is string name && name == function) outcomes.Add((string)tags[1].Value!);
        });
        listener.Start();
        await client.InvokeAsync(ClientBench.Call(function), Cancellation);
        Assert.Equal(["success"], outcomes);
    }

    private static ScriptedServer Throttling(int times, int? retryAfter)
    {
        int requests = 0;
        return new ScriptedServer(async (_, stream, cancellation) =>
        {
            string answer = ++requests > times
                ? ScriptedServer.Response(200, "1")
                : ScriptedServer.Response(429, "{}", "x-amzn-ErrorType: TooManyRequestsException", retryAfter is null ? "A: b" : $"Retry-After: {retryAfter}");
            await stream.WriteAsync(Encoding.Latin1.GetBytes(answer), cancellation);
            return true;
        });
    }
}
