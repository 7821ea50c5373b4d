using System.Net.Sockets;
using System.Text;
using NativeLambda.Gateway.Lambda;
using NativeLambda.Gateway.Tests.Operation;
using static NativeLambda.Gateway.Tests.Lambda.Http.ClientBench;

namespace NativeLambda.Gateway.Tests.Lambda.Http;

/// <summary>Over our own connections of HTTP/1.1.</summary>
public sealed class LambdaHttp1ClientTests : LambdaHttpClientTests
{
    private protected override LambdaClient Connect(ScriptedServer server, LambdaClientOptions? options = null) => ClientBench.Connect(server, options);
}

/// <summary>Over .NET's client, as through a proxy.</summary>
public sealed class LambdaMessageClientTests : LambdaHttpClientTests
{
    private protected override LambdaClient Connect(ScriptedServer server, LambdaClientOptions? options = null) =>
        ClientBench.Connect(server, (options ?? Plain) with { GeneralClient = true });
}

public abstract class LambdaHttpClientTests
{
    private protected abstract LambdaClient Connect(ScriptedServer server, LambdaClientOptions? options = null);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_result_is_what_the_function_returned_and_the_request_is_what_Lambda_expects()
    {
        await using ScriptedServer server = ScriptedServer.Always(ScriptedServer.Response(200, "{\"statusCode\":200}", "x-amzn-RequestId: r-1"));
        using LambdaClient client = Connect(server);
        LambdaResult result = await client.InvokeAsync(Call() with { TraceHeader = "Root=1-a" }, Cancellation);
        Assert.Equal(("r-1", "{\"statusCode\":200}", null), (result.RequestId, Encoding.UTF8.GetString(result.Payload.Span), result.FunctionError));
        ReceivedRequest request = Assert.Single(server.Requests);
        Assert.Equal(("POST", "/2015-03-31/functions/products/invocations", "{\"a\":1}"), (request.Method, request.Target, Encoding.UTF8.GetString(request.Body)));
        Assert.Equal("RequestResponse", request.Headers["X-Amz-Invocation-Type"]);
        Assert.Equal("application/json", request.Headers["Content-Type"]);
        Assert.Equal("Root=1-a", request.Headers["X-Amzn-Trace-Id"]);
        Assert.Equal(server.Address.Authority, request.Headers["Host"]);
        Assert.Matches(
            @"^AWS4-HMAC-SHA256 Credential=local/\d{8}/eu-central-1/lambda/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-invocation-type, Signature=[0-9a-f]{64}$",
            request.Headers["Authorization"]);
        Assert.DoesNotContain("Expect", request.Headers.Keys);
        Assert.DoesNotContain("traceparent", request.Headers.Keys);
    }

    [Fact]
    public async Task A_function_error_is_a_result()
    {
        await using ScriptedServer server = ScriptedServer.Always(ScriptedServer.Response(200, "{\"errorMessage\":\"no\"}", "X-Amz-Function-Error: Unhandled"));
        using LambdaClient client = Connect(server);
        Assert.Equal("Unhandled", (await client.InvokeAsync(Call(), Cancellation)).FunctionError);
    }

    [Theory]
    [InlineData("products", "live", "/2015-03-31/functions/products/invocations?Qualifier=live")]
    [InlineData("products:live", null, "/2015-03-31/functions/products%3Alive/invocations")]
    [InlineData("arn:aws:lambda:eu-central-1:123456789012:function:a", "$LATEST", "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aeu-central-1%3A123456789012%3Afunction%3Aa/invocations?Qualifier=%24LATEST")]
    public async Task Names_and_qualifiers_are_encoded_as_they_were_signed(string function, string? qualifier, string target)
    {
        await using ScriptedServer server = ScriptedServer.Always(ScriptedServer.Response(200, "1"));
        using LambdaClient client = Connect(server);
        await client.InvokeAsync(Call(function, qualifier), Cancellation);
        Assert.Equal(target, Assert.Single(server.Requests).Target);
    }

    [Fact]
    public async Task An_event_is_queued()
    {
        await using ScriptedServer server = ScriptedServer.Always(ScriptedServer.Response(202, "", "x-amzn-RequestId: r-2"));
        using LambdaClient client = Connect(server);
        Assert.Equal("r-2", await client.EnqueueAsync(Call(), Cancellation));
        Assert.Equal("Event", Assert.Single(server.Requests).Headers["X-Amz-Invocation-Type"]);
    }

    [Fact]
    public async Task Calls_one_after_another_use_one_connection()
    {
        await using ScriptedServer server = ScriptedServer.Always(ScriptedServer.Response(200, "1"));
        using LambdaClient client = Connect(server);
        for (int call = 0; call < 20; call++) await client.InvokeAsync(Call(), Cancellation);
        Assert.Equal((20, 1), (server.Requests.Count, server.Connections));
    }

    [Fact]
    public async Task A_refusal_leaves_the_connection_usable()
    {
        await using ScriptedServer server = ScriptedServer.Always(ScriptedServer.Response(429, "{\"Reason\":\"CallerRateLimitExceeded\",\"message\":\"Rate Exceeded.\"}", "x-amzn-ErrorType: TooManyRequestsException", "Retry-After: 3"));
        using LambdaClient client = Connect(server);
        for (int call = 0; call < 3; call++)
        {
            LambdaRefusedException refused = await Assert.ThrowsAsync<LambdaRefusedException>(() => client.InvokeAsync(Call(), Cancellation));
            Assert.Equal(
                (429, "TooManyRequestsException", TimeSpan.FromSeconds(3), "CallerRateLimitExceeded"),
                (refused.StatusCode, refused.ErrorType, refused.RetryAfter, refused.Reason));
            Assert.Equal("Lambda answered 429 TooManyRequestsException: Rate Exceeded. (CallerRateLimitExceeded)", refused.Message);
        }
        Assert.Equal(1, server.Connections);
    }

    [Theory]
    [InlineData(404, "ResourceNotFoundException:http://internal.amazon.com/", "{\"Message\":\"Function not found\"}", "ResourceNotFoundException")]
    [InlineData(413, null, "{\"__type\":\"com.amazonaws.lambda#RequestTooLargeException\",\"message\":\"too large\"}", "RequestTooLargeException")]
    [InlineData(502, "EC2ThrottledException", "", "EC2ThrottledException")]
    [InlineData(500, "ServiceException", "no JSON", "ServiceException")]
    public async Task The_name_of_an_error_is_in_the_header_or_the_body(int status, string? header, string body, string type)
    {
        await using ScriptedServer server = ScriptedServer.Always(ScriptedServer.Response(status, body, header is null ? "A: b" : $"x-amzn-ErrorType: {header}"));
        using LambdaClient client = Connect(server);
        LambdaRefusedException refused = await Assert.ThrowsAsync<LambdaRefusedException>(() => client.InvokeAsync(Call(), Cancellation));
        Assert.Equal((status, type), (refused.StatusCode, refused.ErrorType));
    }

    [Theory]
    [InlineData("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 6\r\n\r\n<html>")]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n")]
    [InlineData("garbage\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n")]
    [InlineData("HTTP/1.1 500 X\r\nx-amzn-ErrorType: ServiceException\r\nContent-Length: 100\r\n\r\nhalf")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le")]
    [InlineData("")]
    public async Task What_is_no_answer_of_Lambda_is_unreachable_and_may_have_run(string answer)
    {
        await using ScriptedServer server = ScriptedServer.Once(Encoding.Latin1.GetBytes(answer));
        using LambdaClient client = Connect(server);
        LambdaUnreachableException unreachable = await Assert.ThrowsAsync<LambdaUnreachableException>(() => client.InvokeAsync(Call(), Cancellation));
        Assert.True(unreachable.MayHaveRun);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_request_that_a_reused_connection_took_with_it_is_not_sent_again()
    {
        await using var server = new ScriptedServer(async (request, stream, cancellation) =>
        {
            if (request.Body.Length > 10) return false; // read, and gone: the function may run
            await stream.WriteAsync(Encoding.Latin1.GetBytes(ScriptedServer.Response(200, "1")), cancellation);
            return true;
        });
        using LambdaClient client = Connect(server);
        await client.InvokeAsync(Call(), Cancellation);
        await Assert.ThrowsAsync<LambdaUnreachableException>(() => client.InvokeAsync(Call() with { Payload = "{\"pay\":\"once only\"}"u8.ToArray() }, Cancellation));
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Connections_that_end_between_calls_lose_none_and_run_none_twice()
    {
        await using var server = new ScriptedServer(async (_, stream, cancellation) =>
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(ScriptedServer.Response(200, "1")), cancellation);
            return false; // without having said so
        });
        using LambdaClient client = Connect(server);
        for (int call = 1; call <= 20; call++)
        {
            await client.InvokeAsync(Call(), Cancellation);
            int ended = call;
            await Eventually.IsTrueAsync(() => server.Ended == ended);
        }
        Assert.Equal((20, 20), (server.Requests.Count, server.Connections));
    }

    [Fact]
    public async Task A_refused_connection_surely_did_not_run()
    {
        using Socket nobody = TestSockets.Bind(out int port);
        var address = new Uri($"http://127.0.0.1:{port}/");
        using LambdaClient client = LambdaClient.Create(Plain with { Endpoint = address }, static _ => null, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance, TimeProvider.System);
        LambdaUnreachableException unreachable = await Assert.ThrowsAsync<LambdaUnreachableException>(() => client.InvokeAsync(Call(), Cancellation));
        Assert.False(unreachable.MayHaveRun);
        Assert.Contains("ConnectionRefused", unreachable.Message);
    }

    [Theory]
    [InlineData("Content-Length: 2000\r\n\r\n")]
    [InlineData("Connection: close\r\n\r\n")]
    public async Task A_result_over_the_limit_is_not_read_to_its_end(string head)
    {
        await using var server = new ScriptedServer(async (_, stream, cancellation) =>
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes("HTTP/1.1 200 OK\r\n" + head + new string('1', 2000)), cancellation);
            return false;
        });
        using LambdaClient client = Connect(server, Plain with { MaxResultBytes = 1999 });
        LambdaResultTooLargeException tooLarge = await Assert.ThrowsAsync<LambdaResultTooLargeException>(() => client.InvokeAsync(Call(), Cancellation));
        Assert.Contains("more than 1999 bytes", tooLarge.Message);
    }

    [Fact]
    public async Task A_cancelled_call_ends_at_once_and_ends_its_connection()
    {
        var arrived = new TaskCompletionSource();
        var gone = new TaskCompletionSource();
        await using var server = new ScriptedServer(async (_, stream, cancellation) =>
        {
            arrived.SetResult();
            Assert.Equal(0, await stream.ReadAsync(new byte[1], cancellation));
            gone.SetResult();
            return false;
        });
        using LambdaClient client = Connect(server);
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task<LambdaResult> call = client.InvokeAsync(Call(), leaving.Token);
        await arrived.Task.WaitAsync(Cancellation);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await gone.Task.WaitAsync(Cancellation);
    }
}
