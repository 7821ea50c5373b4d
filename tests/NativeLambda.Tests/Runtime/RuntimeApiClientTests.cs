using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using NativeLambda.Runtime;

namespace NativeLambda.Tests.Runtime;

public sealed class RuntimeApiClientTests
{
    private static CancellationToken Guarded => FakeRuntimeApi.Guarded;

    [Fact]
    public async Task An_invocation_has_all_headers_and_the_event()
    {
        await using var api = FakeRuntimeApi.Start();
        using var client = new RuntimeApiClient(api.Endpoint);
        DateTimeOffset deadline = DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_123);
        api.Enqueue(
            """{"a":"ü"}""",
            deadline,
            "8476a536-e9f4-11e8-9739-2dfe598c3fcd",
            "lambda-runtime-TRACE-ID: Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1",
            "Lambda-Runtime-Client-Context: {\"client\":{}}",
            "Lambda-Runtime-Cognito-Identity:{\"cognitoIdentityId\":\"x\"}",
            "Lambda-Runtime-Aws-Tenant-Id:\ttenant-1 ");

        Invocation invocation = await client.NextAsync(Guarded);

        Assert.Equal("8476a536-e9f4-11e8-9739-2dfe598c3fcd", invocation.RequestId);
        Assert.Equal(1_800_000_000_123, invocation.DeadlineUnixMs);
        Assert.Equal("arn:aws:lambda:eu-west-1:123456789012:function:fake", invocation.InvokedFunctionArn);
        Assert.Equal("Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1", invocation.TraceId);
        Assert.Equal("{\"client\":{}}", invocation.ClientContext);
        Assert.Equal("{\"cognitoIdentityId\":\"x\"}", invocation.CognitoIdentity);
        Assert.Equal("tenant-1", invocation.TenantId);
        Assert.Equal("""{"a":"ü"}""", Encoding.UTF8.GetString(invocation.Payload.Span));
    }

    [Fact]
    public async Task Invocations_and_their_responses_share_one_connection()
    {
        await using var api = FakeRuntimeApi.Start();
        using var client = new RuntimeApiClient(api.Endpoint);
        for (int i = 0; i < 20; i++)
        {
            string id = api.Enqueue($"event {i}");
            Invocation invocation = await client.NextAsync(Guarded);
            Assert.Equal(id, invocation.RequestId);
            Assert.Equal($"event {i}", Encoding.UTF8.GetString(invocation.Payload.Span));
            await client.PostResponseAsync(id, Encoding.UTF8.GetBytes($"response {i}"), Guarded);
            Assert.Equal($"response {i}", Encoding.UTF8.GetString(await api.ResponseAsync(id)));
        }

        Assert.Equal(1, api.Connections);
    }

    [Fact]
    public async Task Requests_say_who_sends_them_and_to_whom()
    {
        await using var api = FakeRuntimeApi.Start();
        using var client = new RuntimeApiClient(api.Endpoint);
        string id = api.Enqueue("{}");
        await client.NextAsync(Guarded);
        await client.PostResponseAsync(id, "{}"u8.ToArray(), Guarded);

        Assert.Equal(["/2018-06-01/runtime/invocation/next", $"/2018-06-01/runtime/invocation/{id}/response"], api.Requests.Select(r => r.Path));
        Assert.All(api.Requests, r => Assert.Equal(api.Endpoint, r.Header("Host")));
        Assert.All(api.Requests, r => Assert.Equal(RuntimeApiHeaders.UserAgent, r.Header("User-Agent")));
        Assert.Equal("application/json", api.Requests[1].Header("Content-Type"));
        Assert.Equal("2", api.Requests[1].Header("Content-Length"));
    }

    [Fact]
    public void User_agent_has_the_version_of_the_assembly() =>
        Assert.Equal(RuntimeApiHeaders.Version, typeof(RuntimeApiClient).Assembly.GetName().Version!.ToString(3));

    [Fact]
    public async Task Nothing_is_connected_before_the_first_call()
    {
        await using var api = FakeRuntimeApi.Start();
        using (var idle = RuntimeApiClient.FromEnvironment(_ => api.Endpoint))
        {
        }

        api.Enqueue("{}");
        using RuntimeApiClient client = RuntimeApiClient.FromEnvironment(name => name == "AWS_LAMBDA_RUNTIME_API" ? api.Endpoint : null);
        await client.NextAsync(Guarded);
        Assert.Equal(1, api.Connections);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(16 * 1024)]
    [InlineData((16 * 1024) + 1)]
    [InlineData(ResponseLimits.MaxPayloadBytes)]
    public async Task Events_and_responses_of_any_length_pass_unchanged(int length)
    {
        await using var api = FakeRuntimeApi.Start();
        using var client = new RuntimeApiClient(api.Endpoint);
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        string id = api.Enqueue(bytes);

        Invocation invocation = await client.NextAsync(Guarded);
        Assert.True(invocation.Payload.Span.SequenceEqual(bytes));
        await client.PostResponseAsync(id, invocation.Payload, Guarded);

        byte[] response = await api.ResponseAsync(id);
        Assert.True(response.AsSpan().SequenceEqual(bytes));
        Assert.Equal(1, api.Connections);
    }

    [Fact]
    public async Task A_response_over_the_limit_is_refused_before_it_is_sent()
    {
        await using var api = FakeRuntimeApi.Start();
        using var client = new RuntimeApiClient(api.Endpoint);
        byte[] response = new byte[ResponseLimits.MaxPayloadBytes + 1];
        await Assert.ThrowsAsync<ArgumentException>(async () => await client.PostResponseAsync("1", response, Guarded));
        Assert.Empty(api.Requests);
    }

    [Theory]
    [InlineData(400, "InvalidRequestID", false)]
    [InlineData(403, "InvalidStateTransition", false)]
    [InlineData(413, "RequestEntityTooLarge", false)]
    [InlineData(500, "InternalServerError", true)]
    public async Task A_refusal_has_status_type_and_message_and_the_connection_goes_on(int status, string type, bool fatal)
    {
        await using var api = FakeRuntimeApi.Start();
        using var client = new RuntimeApiClient(api.Endpoint);
        string id = api.Enqueue("{}");
        await client.NextAsync(Guarded);
        api.Script(FakeRoute.Response, FakeAnswer.Status(status, type, "what went wrong"));

        RuntimeApiException e = await Assert.ThrowsAsync<RuntimeApiException>(async () => await client.PostResponseAsync(id, default, Guarded));

        Assert.Equal((HttpStatusCode)status, e.StatusCode);
        Assert.Equal(type, e.ErrorType);
        Assert.Equal(fatal, e.IsFatal);
        Assert.Contains("what went wrong", e.Message, StringComparison.Ordinal);
        await client.PostInvocationErrorAsync(id, new FunctionError("Function.Test", "m"), Guarded);
        Assert.Equal(1, api.Connections);
    }

    [Fact]
    public async Task Cancellation_ends_a_waiting_next_and_a_later_call_uses_a_new_connection()
    {
        await using var api = FakeRuntimeApi.Start();
        using var client = new RuntimeApiClient(api.Endpoint);
        using var shutdown = new CancellationTokenSource();
        Task<Invocation> next = client.NextAsync(shutdown.Token).AsTask();
        await api.WaitingAsync();
        await shutdown.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.WaitAsync(FakeRuntimeApi.Guard));

        string id = api.Enqueue("after");
        Assert.Equal(id, (await client.NextAsync(Guarded)).RequestId);
        Assert.Equal(2, api.Connections);
    }

    [Fact]
    public async Task The_memory_of_a_large_event_is_collected_at_the_next_call_even_if_the_invocation_is_still_held()
    {
        await using var api = FakeRuntimeApi.Start();
        using var client = new RuntimeApiClient(api.Endpoint);
        api.Enqueue(new byte[6 * 1024 * 1024]);
        api.Enqueue(new byte[1000]);
        api.Enqueue(new byte[1000]);
        Invocation first = await client.NextAsync(Guarded);
        WeakReference large = ArrayOf(first);
        Assert.True(large.IsAlive);
        Invocation second = await client.NextAsync(Guarded);
        Assert.False(large.IsAlive);
        Invocation third = await client.NextAsync(Guarded);
        Assert.Same(ArrayOf(second).Target, ArrayOf(third).Target);
        GC.KeepAlive(first);
    }

    [Fact]
    public async Task A_body_that_is_only_announced_is_not_allocated()
    {
        await using var api = FakeRuntimeApi.Start();
        using var client = new RuntimeApiClient(api.Endpoint);
        api.Enqueue("{}");
        await client.NextAsync(Guarded);
        api.Script(FakeRoute.Next, FakeAnswer.RawThenClose("HTTP/1.1 200 OK\r\nContent-Length: 60000000\r\n\r\n{}"));
        long before = GC.GetTotalAllocatedBytes(precise: true);
        await Assert.ThrowsAsync<RuntimeApiException>(async () => await client.NextAsync(Guarded));
        // Other tests may allocate at the same time, but no 60 MB.
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 50_000_000);
    }

    [Fact]
    public async Task An_event_over_the_limit_of_the_client_is_refused()
    {
        await using var api = FakeRuntimeApi.Start();
        using var client = new RuntimeApiClient(api.Endpoint, maxPayloadBytes: 10);
        api.Enqueue("0123456789");
        Assert.Equal(10, (await client.NextAsync(Guarded)).Payload.Length);
        api.Enqueue("01234567890");
        RuntimeApiException e = await Assert.ThrowsAsync<RuntimeApiException>(async () => await client.NextAsync(Guarded));
        Assert.True(e.IsFatal);
    }

    /// <summary>In a frame of its own, so that the array is not on the stack when the next call is made.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference ArrayOf(Invocation invocation)
    {
        Assert.True(MemoryMarshal.TryGetArray(invocation.Payload, out ArraySegment<byte> segment));
        return new WeakReference(segment.Array);
    }
}
