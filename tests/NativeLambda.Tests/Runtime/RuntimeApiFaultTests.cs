using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using NativeLambda.Emulator;
using NativeLambda.Runtime;

namespace NativeLambda.Tests.Runtime;

/// <summary>Fault row F17: connections that end, garbage, refusals.</summary>
public sealed class RuntimeApiFaultTests
{
    private static CancellationToken Guarded => FakeRuntimeApi.Guarded;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_waiting_next_whose_connection_ends_waits_on_over_a_new_one(bool reset)
    {
        await using var api = FakeRuntimeApi.Start();
        var clock = new FakeTimeProvider();
        using var client = new RuntimeApiClient(api.Endpoint, time: clock);
        Task<Invocation> next = client.NextAsync(Guarded).AsTask();
        // Far more often than a peer that does not wait would be forgiven.
        for (int i = 0; i < 50; i++)
        {
            await api.WaitingAsync();
            clock.Advance(TimeSpan.FromSeconds(1));
            api.CloseWaiting(reset);
        }

        await api.WaitingAsync();
        string id = api.Enqueue("{}");
        Assert.Equal(id, (await next.WaitAsync(FakeRuntimeApi.Guard)).RequestId);
        Assert.Equal(51, api.Connections);
    }

    [Fact]
    public async Task Short_waits_count_in_a_row_only()
    {
        await using var api = FakeRuntimeApi.Start();
        var clock = new FakeTimeProvider();
        using var client = new RuntimeApiClient(api.Endpoint, time: clock);
        Task<Invocation> next = client.NextAsync(Guarded).AsTask();
        for (int round = 0; round < 5; round++)
        {
            await api.WaitingAsync();
            for (int i = 0; i < 5; i++)
                api.Script(FakeRoute.Next, FakeAnswer.Close);
            clock.Advance(TimeSpan.FromSeconds(1));
            api.CloseWaiting();
        }

        await api.WaitingAsync();
        api.Enqueue("{}");
        await next.WaitAsync(FakeRuntimeApi.Guard);
    }

    [Fact]
    public async Task A_peer_that_keeps_closing_without_waiting_is_fatal()
    {
        await using var api = FakeRuntimeApi.Start();
        using var client = new RuntimeApiClient(api.Endpoint, time: new FakeTimeProvider());
        for (int i = 0; i < 10; i++)
            api.Script(FakeRoute.Next, FakeAnswer.Close);
        RuntimeApiException e = await Assert.ThrowsAsync<RuntimeApiException>(async () => await client.NextAsync(Guarded));
        Assert.True(e.IsFatal);
        Assert.Contains(api.Endpoint, e.Message, StringComparison.Ordinal);
        Assert.Equal(6, api.Connections);
    }

    [Theory]
    [InlineData("Connection: close\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData("Content-Length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: smuggled\r\nContent-Length: 0\r\n\r\n")]
    public async Task After_an_answer_that_ends_the_connection_or_has_more_behind_it_a_new_one_is_used(string rest)
    {
        await using var api = FakeRuntimeApi.Start();
        using var client = new RuntimeApiClient(api.Endpoint);
        api.Script(FakeRoute.Next, FakeAnswer.Raw("HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: 1\r\nLambda-Runtime-Deadline-Ms: 1\r\n" + rest));
        Assert.Equal("1", (await client.NextAsync(Guarded)).RequestId);
        string id = api.Enqueue("{}");
        Assert.Equal(id, (await client.NextAsync(Guarded)).RequestId);
        Assert.Equal(2, api.Connections);
    }

    [Fact]
    public async Task A_body_that_lasts_until_the_peer_closes_is_the_event()
    {
        await using var api = FakeRuntimeApi.Start();
        using var client = new RuntimeApiClient(api.Endpoint);
        api.Script(FakeRoute.Next, FakeAnswer.RawThenClose("HTTP/1.0 200 OK\r\nLambda-Runtime-Aws-Request-Id: 1\r\nLambda-Runtime-Deadline-Ms: 1\r\n\r\nuntil the end"));
        Assert.Equal("until the end", Encoding.UTF8.GetString((await client.NextAsync(Guarded)).Payload.Span));
    }

    [Fact]
    public async Task A_body_that_lasts_until_the_peer_closes_is_not_ended_by_a_reset()
    {
        await using var api = FakeRuntimeApi.Start();
        using var client = new RuntimeApiClient(api.Endpoint);
        api.Script(FakeRoute.Next, FakeAnswer.RawThenReset("HTTP/1.0 200 OK\r\nLambda-Runtime-Aws-Request-Id: 1\r\nLambda-Runtime-Deadline-Ms: 1\r\n\r\nuntil the"));
        RuntimeApiException e = await Assert.ThrowsAsync<RuntimeApiException>(async () => await client.NextAsync(Guarded));
        Assert.IsType<SocketException>(e.InnerException);
        Assert.Single(api.Requests);
    }

    [Fact]
    public async Task An_answer_may_come_byte_by_byte_in_chunks_after_interim_ones()
    {
        await using var api = FakeRuntimeApi.Start();
        using var client = new RuntimeApiClient(api.Endpoint);
        api.Script(FakeRoute.Next, FakeAnswer.ByteByByte("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\nlambda-runtime-deadline-ms: 1\r\nLAMBDA-RUNTIME-AWS-REQUEST-ID: 1\r\n\r\n3;x=y\r\none\r\n3\r\ntwo\r\n0\r\nTrailer: 1\r\n\r\n"));
        Assert.Equal("onetwo", Encoding.UTF8.GetString((await client.NextAsync(Guarded)).Payload.Span));
        string id = api.Enqueue("{}");
        Assert.Equal(id, (await client.NextAsync(Guarded)).RequestId);
        Assert.Equal(1, api.Connections);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", "status line")]
    [InlineData("garbage", "status line")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", "Transfer-Encoding")]
    [InlineData("HTTP/1.1 200 OK\r\nLambda-Runtime-Deadline-Ms: 1\r\nContent-Length: 0\r\n\r\n", "Lambda-Runtime-Aws-Request-Id")]
    [InlineData("HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: 1\r\nContent-Length: 0\r\n\r\n", "Lambda-Runtime-Deadline-Ms")]
    [InlineData("HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id:\r\nLambda-Runtime-Deadline-Ms: 1\r\nContent-Length: 0\r\n\r\n", "Lambda-Runtime-Aws-Request-Id")]
    [InlineData("HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: 1\r\nLambda-Runtime-Aws-Request-Id: 2\r\nLambda-Runtime-Deadline-Ms: 1\r\nContent-Length: 0\r\n\r\n", "more than one Lambda-Runtime-Aws-Request-Id")]
    [InlineData("HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: 1\r\nLambda-Runtime-Deadline-Ms:\r\nContent-Length: 0\r\n\r\n", "Lambda-Runtime-Deadline-Ms")]
    [InlineData("HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: 1\r\nLambda-Runtime-Deadline-Ms: -1\r\nContent-Length: 0\r\n\r\n", "'-1'")]
    [InlineData("HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: 1\r\nLambda-Runtime-Deadline-Ms: 253402300800000\r\nContent-Length: 0\r\n\r\n", "'253402300800000'")]
    [InlineData("HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: 1\r\nLambda-Runtime-Deadline-Ms: 99999999999999999999999\r\nContent-Length: 0\r\n\r\n", "Lambda-Runtime-Deadline-Ms")]
    public async Task An_answer_to_next_that_is_not_an_invocation_is_fatal_and_says_why(string answer, string says)
    {
        await using var api = FakeRuntimeApi.Start();
        using var client = new RuntimeApiClient(api.Endpoint);
        api.Script(FakeRoute.Next, FakeAnswer.Raw(answer));
        RuntimeApiException e = await Assert.ThrowsAsync<RuntimeApiException>(() => client.NextAsync(Guarded).AsTask().WaitAsync(FakeRuntimeApi.Guard));
        Assert.True(e.IsFatal);
        Assert.Null(e.StatusCode);
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_invocation_that_breaks_off_is_not_asked_for_again()
    {
        await using var api = FakeRuntimeApi.Start();
        using var client = new RuntimeApiClient(api.Endpoint);
        api.Script(FakeRoute.Next, FakeAnswer.RawThenClose("HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: 1\r\nLambda-Runtime-Deadline-Ms: 1\r\nContent-Length: 9\r\n\r\nhalf"));
        RuntimeApiException e = await Assert.ThrowsAsync<RuntimeApiException>(async () => await client.NextAsync(Guarded));
        Assert.True(e.IsFatal);
        Assert.Single(api.Requests);
    }

    [Theory]
    [InlineData(403, false)]
    [InlineData(500, true)]
    public async Task A_refused_next_has_its_status(int status, bool fatal)
    {
        await using var api = FakeRuntimeApi.Start();
        using var client = new RuntimeApiClient(api.Endpoint);
        api.Script(FakeRoute.Next, FakeAnswer.Status(status));
        RuntimeApiException e = await Assert.ThrowsAsync<RuntimeApiException>(async () => await client.NextAsync(Guarded));
        Assert.Equal(((HttpStatusCode)status, fatal), (e.StatusCode!.Value, e.IsFatal));
    }

    [Fact]
    public async Task A_response_whose_connection_ended_before_it_was_received_is_posted_again()
    {
        await using var api = FakeRuntimeApi.Start();
        using var client = new RuntimeApiClient(api.Endpoint);
        string id = api.Enqueue("{}");
        await client.NextAsync(Guarded);
        api.Script(FakeRoute.Response, FakeAnswer.Reset);
        await client.PostResponseAsync(id, "answer"u8.ToArray(), Guarded);
        Assert.Equal("answer", Encoding.UTF8.GetString(await api.ResponseAsync(id)));
    }

    [Theory]
    [InlineData(FakeRoute.Response)]
    [InlineData(FakeRoute.InvocationError)]
    public async Task A_post_that_was_received_but_not_acknowledged_counts_as_done_when_the_second_is_refused(FakeRoute route)
    {
        await using var api = FakeRuntimeApi.Start();
        using var client = new RuntimeApiClient(api.Endpoint);
        string id = api.Enqueue("{}");
        await client.NextAsync(Guarded);
        api.Script(route, FakeAnswer.LoseProperAnswer);
        if (route == FakeRoute.Response)
            await client.PostResponseAsync(id, "answer"u8.ToArray(), Guarded);
        else
            await client.PostInvocationErrorAsync(id, new FunctionError("A.B", "m"), Guarded);
        Assert.Equal(3, api.Requests.Count);
        Assert.Equal(2, api.Connections);
    }

    [Theory]
    [InlineData(400, "InvalidFunctionResponseMode")]
    [InlineData(413, "RequestEntityTooLarge")]
    [InlineData(500, "InvalidStateTransition.NotReally")]
    public async Task A_second_post_that_is_refused_for_another_reason_is_an_error(int status, string type)
    {
        await using var api = FakeRuntimeApi.Start();
        using var client = new RuntimeApiClient(api.Endpoint);
        api.Script(FakeRoute.Response, FakeAnswer.Close);
        api.Script(FakeRoute.Response, FakeAnswer.Status(status, type));
        RuntimeApiException e = await Assert.ThrowsAsync<RuntimeApiException>(async () => await client.PostResponseAsync("1", default, Guarded));
        Assert.Equal((HttpStatusCode)status, e.StatusCode);
    }

    [Fact]
    public async Task A_post_is_tried_twice_and_not_more()
    {
        await using var api = FakeRuntimeApi.Start();
        using var client = new RuntimeApiClient(api.Endpoint);
        for (int i = 0; i < 3; i++)
            api.Script(FakeRoute.Response, FakeAnswer.Close);
        RuntimeApiException e = await Assert.ThrowsAsync<RuntimeApiException>(async () => await client.PostResponseAsync("1", default, Guarded));
        Assert.True(e.IsFatal);
        Assert.Equal(2, api.Requests.Count);
    }

    [Fact]
    public async Task A_connection_that_the_peer_closed_between_two_calls_is_not_written_to()
    {
        await using var api = FakeRuntimeApi.Start();
        using var client = new RuntimeApiClient(api.Endpoint);
        api.Script(FakeRoute.Next, FakeAnswer.RawThenClose("HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: 1\r\nLambda-Runtime-Deadline-Ms: 1\r\nContent-Length: 0\r\n\r\n"));
        await client.NextAsync(Guarded);
        await api.ConnectionEndedAsync();
        await Assert.ThrowsAsync<RuntimeApiException>(async () => await client.PostResponseAsync("1", default, Guarded));
        // Refused at once, as an unknown id: had it been a second post, the refusal would have counted as done.
        Assert.Equal([1, 2], api.Requests.Select(r => r.Connection));
    }

    [Fact]
    public async Task A_peer_that_refuses_a_response_before_it_has_read_it_is_understood()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new RuntimeApiClient(listener.LocalEndpoint.ToString());
        Task post = client.PostResponseAsync("1", new byte[ResponseLimits.MaxPayloadBytes], Guarded).AsTask();
        using (Socket peer = await listener.AcceptSocketAsync())
        {
            await peer.ReceiveAsync(new byte[100]);
            await peer.SendAsync(Encoding.ASCII.GetBytes("HTTP/1.1 413 Too Large\r\nContent-Length: 31\r\n\r\n{\"errorType\":\"RequestTooLarge\" }"));
        }

        RuntimeApiException e = await Assert.ThrowsAsync<RuntimeApiException>(() => post.WaitAsync(FakeRuntimeApi.Guard));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, e.StatusCode);
        Assert.Equal("RequestTooLarge", e.ErrorType);
        Assert.False(e.IsFatal);
    }

    [Fact]
    public async Task Nobody_at_the_address_is_fatal_and_names_it()
    {
        int port = FreePort.Find();
        using var client = new RuntimeApiClient($"127.0.0.1:{port}");
        RuntimeApiException e = await Assert.ThrowsAsync<RuntimeApiException>(async () => await client.NextAsync(Guarded));
        Assert.True(e.IsFatal);
        Assert.IsType<SocketException>(e.InnerException);
        Assert.Contains($"127.0.0.1:{port}", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_name_is_resolved()
    {
        await using var api = FakeRuntimeApi.Start();
        string id = api.Enqueue("{}");
        using var client = new RuntimeApiClient(api.Endpoint.Replace("127.0.0.1", "localhost", StringComparison.Ordinal));
        Assert.Equal(id, (await client.NextAsync(Guarded)).RequestId);
    }

    [Theory]
    [InlineData("{}", null)]
    [InlineData("", null)]
    [InlineData("not json", null)]
    [InlineData("[\"errorType\"]", null)]
    [InlineData("{\"errorType\":5,\"x\":{\"errorType\":\"no\"}}", null)]
    [InlineData("{\"errorType\":\"Yes\",\"x\":[1,{}],", "Yes")]
    [InlineData("{\"x\":{\"errorType\":\"no\"},\"errorType\":\"Yes\"}", "Yes")]
    [InlineData("{\"errorType\":\"\\ud800\"}", null)]
    public async Task The_body_of_a_refusal_may_be_anything(string body, string? type)
    {
        await using var api = FakeRuntimeApi.Start();
        using var client = new RuntimeApiClient(api.Endpoint);
        api.Script(FakeRoute.Response, FakeAnswer.StatusWithBody(418, body));
        RuntimeApiException e = await Assert.ThrowsAsync<RuntimeApiException>(async () => await client.PostResponseAsync("1", default, Guarded));
        Assert.Equal(((HttpStatusCode)418, type), (e.StatusCode!.Value, e.ErrorType));
    }

    [Fact]
    public async Task The_body_of_a_refusal_may_be_long_and_little_of_it_is_kept()
    {
        await using var api = FakeRuntimeApi.Start();
        using var client = new RuntimeApiClient(api.Endpoint);
        api.Script(FakeRoute.Response, FakeAnswer.Status(400, "T", new string('m', 5_000)));
        api.Script(FakeRoute.Response, FakeAnswer.Status(400, "T", new string('m', 1_000_000)));
        RuntimeApiException shortened = await Assert.ThrowsAsync<RuntimeApiException>(async () => await client.PostResponseAsync("1", default, Guarded));
        Assert.InRange(shortened.Message.Length, 1_000, 1_200);
        RuntimeApiException dropped = await Assert.ThrowsAsync<RuntimeApiException>(async () => await client.PostResponseAsync("1", default, Guarded));
        Assert.Equal((HttpStatusCode)400, dropped.StatusCode);
        Assert.Equal(1, api.Connections);
    }

    [Fact]
    public async Task A_second_call_during_a_first_is_a_bug_of_the_caller()
    {
        await using var api = FakeRuntimeApi.Start();
        using var client = new RuntimeApiClient(api.Endpoint);
        Task<Invocation> next = client.NextAsync(Guarded).AsTask();
        await api.WaitingAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await client.NextAsync(Guarded));
        string id = api.Enqueue("{}");
        Assert.Equal(id, (await next).RequestId);
    }

    [Fact]
    public async Task Dispose_ends_a_waiting_next()
    {
        await using var api = FakeRuntimeApi.Start();
        var client = new RuntimeApiClient(api.Endpoint);
        Task<Invocation> next = client.NextAsync(Guarded).AsTask();
        await api.WaitingAsync();
        client.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => next.WaitAsync(FakeRuntimeApi.Guard));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await client.NextAsync(Guarded));
        Assert.Equal(1, api.Connections);
    }
}
