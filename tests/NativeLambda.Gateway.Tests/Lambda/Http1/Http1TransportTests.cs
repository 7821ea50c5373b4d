using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NativeLambda.Gateway.Lambda;
using NativeLambda.Gateway.Tests.Lambda.Http;
using static NativeLambda.Gateway.Tests.Lambda.Http.ClientBench;

namespace NativeLambda.Gateway.Tests.Lambda.Http1;

public sealed class Http1TransportTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nTrailer: t\r\n\r\n", "abcde")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "ok")]
    public async Task Every_form_of_a_body_is_read_in_whatever_pieces_it_comes(string answer, string body)
    {
        await using var server = new ScriptedServer(async (_, stream, cancellation) =>
        {
            foreach (byte one in Encoding.Latin1.GetBytes(answer)) await stream.WriteAsync(new[] { one }, cancellation);
            return true;
        });
        using LambdaClient client = Connect(server);
        for (int call = 0; call < 3; call++) Assert.Equal(body, Encoding.UTF8.GetString((await client.InvokeAsync(Call(), Cancellation)).Payload.Span));
        Assert.Equal(1, server.Connections);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffff\r\nabcd\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n 3\r\nabc\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n1")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n1")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n1")]
    public async Task What_could_be_read_in_two_ways_is_no_answer(string answer)
    {
        await using ScriptedServer server = ScriptedServer.Once(Encoding.Latin1.GetBytes(answer));
        using LambdaClient client = Connect(server);
        await Assert.ThrowsAsync<LambdaUnreachableException>(() => client.InvokeAsync(Call(), Cancellation));
    }

    [Fact]
    public async Task A_head_has_its_whole_buffer_whatever_came_before_it_and_no_more()
    {
        string hint = $"HTTP/1.1 103 Early Hints\r\nLink: {new string('x', 20_000)}\r\n\r\n", filler = new('y', 20_000), tooLong = new('z', 40_000);
        await using ScriptedServer server = ScriptedServer.Always($"{hint}{ScriptedServer.Response(200, "ok", $"Filler: {filler}")}");
        using LambdaClient client = Connect(server);
        for (int call = 0; call < 2; call++) Assert.Equal("ok", Encoding.UTF8.GetString((await client.InvokeAsync(Call(), Cancellation)).Payload.Span));

        await using ScriptedServer other = ScriptedServer.Always(ScriptedServer.Response(200, "ok", $"Filler: {tooLong}"));
        using LambdaClient refusing = Connect(other);
        LambdaUnreachableException refused = await Assert.ThrowsAsync<LambdaUnreachableException>(() => refusing.InvokeAsync(Call(), Cancellation));
        Assert.Contains("a line or head is too long", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(202, false)]
    [InlineData(200, true)]
    public async Task The_success_of_another_operation_is_none(int status, bool enqueue)
    {
        await using ScriptedServer server = ScriptedServer.Always(ScriptedServer.Response(status, "{}"));
        using LambdaClient client = Connect(server);
        LambdaUnreachableException other = await Assert.ThrowsAsync<LambdaUnreachableException>(
            () => enqueue ? client.EnqueueAsync(Call(), Cancellation) : client.InvokeAsync(Call(), Cancellation));
        Assert.Contains($"answered {status}, which is no answer of Lambda", other.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_without_a_length_lasts_until_the_connection_ends()
    {
        await using ScriptedServer server = ScriptedServer.Once("HTTP/1.1 200 OK\r\n\r\nall of it"u8.ToArray());
        using LambdaClient client = Connect(server);
        for (int call = 1; call <= 2; call++) Assert.Equal("all of it", Encoding.UTF8.GetString((await client.InvokeAsync(Call(), Cancellation)).Payload.Span));
        Assert.Equal(2, server.Connections);
    }

    [Fact]
    public async Task An_answer_that_nobody_asked_for_ends_the_connection_and_answers_nobody()
    {
        await using ScriptedServer server = ScriptedServer.Always(ScriptedServer.Response(200, "1") + ScriptedServer.Response(200, "2"));
        using LambdaClient client = Connect(server);
        for (int call = 0; call < 5; call++) Assert.Equal("1", Encoding.UTF8.GetString((await client.InvokeAsync(Call(), Cancellation)).Payload.Span));
        Assert.Equal(5, server.Connections);
    }

    [Theory]
    [InlineData(120, 0)] // its lifetime
    [InlineData(0, 31)] // unused
    public async Task A_connection_that_is_old_takes_no_call_so_that_the_DNS_is_asked_again(int between, int idle)
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using ScriptedServer server = ScriptedServer.Always(ScriptedServer.Response(200, "1"));
        using LambdaClient client = LambdaClient.Create(
            Plain with { Endpoint = server.Address, Region = "eu-central-1" }, static _ => null, NullLogger.Instance, clock);
        await client.InvokeAsync(Call(), Cancellation);
        // Used all the time: only its age ends it.
        for (int second = 10; second <= between; second += 10)
        {
            clock.Advance(TimeSpan.FromSeconds(10));
            await client.InvokeAsync(Call(), Cancellation);
            Assert.Equal(1, server.Connections);
        }
        clock.Advance(TimeSpan.FromSeconds(Math.Max(idle, 1)));
        await client.InvokeAsync(Call(), Cancellation);
        Assert.Equal(2, server.Connections);
    }

    [Fact]
    public async Task An_event_of_any_size_arrives()
    {
        await using ScriptedServer server = ScriptedServer.Always(ScriptedServer.Response(200, "1"));
        using LambdaClient client = Connect(server);
        foreach (int length in (int[])[0, 1, 16 * 1024, (16 * 1024) + 1, 6_000_000])
        {
            await client.InvokeAsync(Call() with { Payload = new byte[length] }, Cancellation);
            Assert.Equal(length, server.Requests.Last().Body.Length);
        }
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task A_trace_that_would_begin_a_line_is_not_sent()
    {
        await using ScriptedServer server = ScriptedServer.Always(ScriptedServer.Response(200, "1"));
        using LambdaClient client = Connect(server);
        await client.InvokeAsync(Call() with { TraceHeader = "Root=1\r\nX-Amz-Invocation-Type: Event" }, Cancellation);
        ReceivedRequest request = Assert.Single(server.Requests);
        Assert.DoesNotContain("X-Amzn-Trace-Id", request.Headers.Keys);
        Assert.Equal("RequestResponse", request.Headers["X-Amz-Invocation-Type"]);
    }

    [Fact]
    public async Task No_more_connections_are_open_than_allowed()
    {
        int open = 0, most = 0;
        await using var server = new ScriptedServer(async (_, stream, cancellation) =>
        {
            int now = Interlocked.Increment(ref open);
            InterlockedMax(ref most, now);
            await Task.Yield();
            Interlocked.Decrement(ref open);
            await stream.WriteAsync(Encoding.Latin1.GetBytes(ScriptedServer.Response(200, "1")), cancellation);
            return true;
        });
        using LambdaClient client = Connect(server, Plain with { MaxConnections = 2 });
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => client.InvokeAsync(Call(), Cancellation)));
        Assert.InRange(most, 1, 2);
        Assert.InRange(server.Connections, 1, 2);
    }

    private static void InterlockedMax(ref int most, int now)
    {
        for (int seen = Volatile.Read(ref most); seen < now; seen = Volatile.Read(ref most)) Interlocked.CompareExchange(ref most, now, seen);
    }
}
