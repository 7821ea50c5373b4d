using System.Text;
using System.Text.Json;
using NativeLambda.Runtime;

namespace NativeLambda.Tests.Runtime;

public sealed class RuntimeApiErrorReportTests
{
    private static CancellationToken Guarded => FakeRuntimeApi.Guarded;

    [Fact]
    public async Task An_invocation_error_has_type_message_and_no_stack_trace()
    {
        await using var api = FakeRuntimeApi.Start();
        using var client = new RuntimeApiClient(api.Endpoint);
        string id = api.Enqueue("{}");
        await client.NextAsync(Guarded);
        await client.PostInvocationErrorAsync(id, new FunctionError("Function.Failed", "quote \" backslash \\ newline \n ünïcode 🙂 NUL \0"), Guarded);

        FakeRequest error = await api.ErrorAsync(id);
        Assert.Equal($"/2018-06-01/runtime/invocation/{id}/error", error.Path);
        Assert.Equal("Function.Failed", error.Header("Lambda-Runtime-Function-Error-Type"));
        using var body = JsonDocument.Parse(error.Body);
        Assert.Equal("Function.Failed", body.RootElement.GetProperty("errorType").GetString());
        Assert.Equal("quote \" backslash \\ newline \n ünïcode 🙂 NUL \0", body.RootElement.GetProperty("errorMessage").GetString());
        Assert.Equal(0, body.RootElement.GetProperty("stackTrace").GetArrayLength());
    }

    [Fact]
    public async Task An_init_error_goes_to_its_route()
    {
        await using var api = FakeRuntimeApi.Start();
        using var client = new RuntimeApiClient(api.Endpoint);
        await client.PostInitErrorAsync(new FunctionError("Init.Failed", "why"), Guarded);
        FakeRequest error = await api.InitErrorAsync();
        Assert.Equal(("POST", "/2018-06-01/runtime/init/error", "Init.Failed"), (error.Method, error.Path, error.Header("Lambda-Runtime-Function-Error-Type")));
        Assert.Equal("""{"errorMessage":"why","errorType":"Init.Failed","stackTrace":[]}""", error.Text);
    }

    [Fact]
    public async Task An_error_type_cannot_break_out_of_its_header()
    {
        await using var api = FakeRuntimeApi.Start();
        using var client = new RuntimeApiClient(api.Endpoint);
        await client.PostInitErrorAsync(new FunctionError("A.B\r\nX-Injected: 1\t\u007fü" + new string('x', 1000), "why"), Guarded);
        FakeRequest error = await api.InitErrorAsync();
        Assert.Null(error.Header("X-Injected"));
        string header = error.Header("Lambda-Runtime-Function-Error-Type")!;
        Assert.StartsWith("A.B__X-Injected:_1___xxx", header, StringComparison.Ordinal);
        Assert.Equal(256, header.Length);
    }

    [Theory]
    [InlineData(100_000, 'm')]
    [InlineData(100_000, '\ud83d')]
    public async Task A_very_long_or_broken_message_still_makes_valid_json(int length, char character)
    {
        await using var api = FakeRuntimeApi.Start();
        using var client = new RuntimeApiClient(api.Endpoint);
        await client.PostInitErrorAsync(new FunctionError("A.B", new string(character, length)), Guarded);
        using var body = JsonDocument.Parse((await api.InitErrorAsync()).Body);
        Assert.Equal(32 * 1024, body.RootElement.GetProperty("errorMessage").GetString()!.Length);
    }

    [Theory]
    [InlineData("a/../b c?d#e%\r\nü", "a%2F..%2Fb%20c%3Fd%23e%25%0D%0A%C3%BC")]
    [InlineData("8476a536-e9f4-11e8-9739-2dfe598c3fcd", "8476a536-e9f4-11e8-9739-2dfe598c3fcd")]
    public void A_request_id_stays_inside_its_segment_of_the_path(string id, string segment)
    {
        Assert.Equal($"/2018-06-01/runtime/invocation/{segment}/response", RuntimeApiRoutes.Response(id));
        Assert.Equal($"/2018-06-01/runtime/invocation/{segment}/error", RuntimeApiRoutes.InvocationError(id));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    public async Task What_cannot_be_the_id_of_an_invocation_is_refused(string id)
    {
        using var client = new RuntimeApiClient("127.0.0.1:1");
        await Assert.ThrowsAsync<ArgumentException>(async () => await client.PostResponseAsync(id, default, Guarded));
        await Assert.ThrowsAsync<ArgumentException>(async () => await client.PostInvocationErrorAsync(id, new FunctionError("A.B", "m"), Guarded));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1_000, 1)]
    [InlineData(16 * 1024, 1)]
    [InlineData((16 * 1024) + 1, 2)]
    public void Head_and_body_leave_in_one_send_unless_the_body_is_long(int length, int sends)
    {
        var request = new RuntimeApiRequest(RuntimeApiEndpoint.Parse("127.0.0.1:1"));
        request.Post(RuntimeApiRoutes.Response("1"), new byte[length]);
        Assert.Equal(sends, request.Second.IsEmpty ? 1 : 2);
        string head = Encoding.ASCII.GetString(request.First.Span);
        int end = head.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        Assert.Equal(length, request.First.Length - end + request.Second.Length);
        Assert.Contains($"Content-Length: {length}\r\n", head, StringComparison.Ordinal);
    }
}
