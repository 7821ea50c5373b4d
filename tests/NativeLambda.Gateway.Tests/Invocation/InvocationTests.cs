using System.Net;
using System.Text;
using System.Text.Json;
using NativeLambda.Gateway.Lambda;

namespace NativeLambda.Gateway.Tests.Invocation;

public sealed class InvocationTests
{
    [Fact]
    public async Task A_request_becomes_an_event_and_the_result_its_response()
    {
        await using RunningGateway gateway = await RunningGateway.StartFileAsync("""
            {
              "accountId": "123456789012", "apiId": "api1",
              "stages": [ { "name": "$default" }, { "name": "prod", "variables": { "color": "blue" } } ],
              "routes": [ { "route": "POST /a/{id}", "function": "f", "qualifier": "live", "timeout": 7 } ]
            }
            """);
        gateway.Lambda.Invoke = (_, _) => Task.FromResult(ScriptedLambda.Result(
            """{"statusCode":201,"headers":{"x-a":"1","content-type":"text/plain"},"cookies":["c=1","d=2"],"body":"aGk=","isBase64Encoded":true}"""));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/prod/a/1%202?q=1&q=2") { Content = new StringContent("body", Encoding.UTF8, "text/plain") };
        using HttpResponseMessage response = await gateway.Client.SendAsync(request);
        Assert.Equal((201, "hi", "1", "text/plain", 2), ((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.GetValues("x-a").Single(),
            response.Content.Headers.ContentType!.ToString(), response.Content.Headers.ContentLength));
        Assert.Equal(["c=1", "d=2"], response.Headers.GetValues("set-cookie"));
        (LambdaCall call, string text) = Assert.Single(gateway.Lambda.Calls);
        Assert.Equal(("f", "live", 7), (call.Function, call.Qualifier, call.TimeLimit!.Value.TotalSeconds));
        JsonElement told = JsonSerializer.Deserialize<JsonElement>(text), context = told.GetProperty("requestContext");
        Assert.Equal(("POST /a/{id}", "1 2", "q=1&q=2", "body", "blue"), (told.GetProperty("routeKey").GetString(), told.GetProperty("pathParameters").GetProperty("id").GetString(),
            told.GetProperty("rawQueryString").GetString(), told.GetProperty("body").GetString(), told.GetProperty("stageVariables").GetProperty("color").GetString()));
        Assert.Equal(("prod", "123456789012", "api1", "127.0.0.1"), (context.GetProperty("stage").GetString(), context.GetProperty("accountId").GetString(),
            context.GetProperty("apiId").GetString(), context.GetProperty("http").GetProperty("sourceIp").GetString()));
        Assert.Equal(response.Headers.GetValues("apigw-requestid").Single(), context.GetProperty("requestId").GetString());
    }

    [Theory]
    [InlineData("true", "/a/b c")]
    [InlineData("false", "/a/b%20c")]
    public async Task The_path_is_decoded_as_the_route_says(string decode, string expected)
    {
        await using RunningGateway gateway = await RunningGateway.StartAsync($"\"decodePath\": {decode}");
        await gateway.GetAsync("/a/b%20c");
        Assert.Equal(expected, JsonSerializer.Deserialize<JsonElement>(gateway.Lambda.Calls[0].Event).GetProperty("rawPath").GetString());
    }

    [Fact]
    public async Task The_absolute_form_names_its_path_only()
    {
        await using RunningGateway gateway = await RunningGateway.StartAsync();
        await gateway.ExchangeAsync($"GET http://{gateway.Address.Authority}/x?y=1 HTTP/1.1\r\nHost: {gateway.Address.Authority}\r\nConnection: close\r\n\r\n");
        JsonElement told = JsonSerializer.Deserialize<JsonElement>(Assert.Single(gateway.Lambda.Calls).Event);
        Assert.Equal(("/x", "y=1"), (told.GetProperty("rawPath").GetString(), told.GetProperty("rawQueryString").GetString()));
    }

    [Theory]
    [InlineData("GET", "/a/../b", 400, "Bad Request")]
    [InlineData("GET", "/%2e%2e/b", 400, "Bad Request")]
    [InlineData("OPTIONS", "*", 404, "Not Found")]
    public async Task What_has_no_route_is_answered_by_the_gateway(string method, string target, int status, string message)
    {
        await using RunningGateway gateway = await RunningGateway.StartAsync();
        string answer = await gateway.ExchangeAsync($"{method} {target} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.EndsWith($"\r\n\r\n{{\"message\":\"{message}\"}}", answer, StringComparison.Ordinal);
        Assert.Empty(gateway.Lambda.Calls);
    }

    [Fact]
    public async Task Another_method_of_a_path_is_not_found_as_at_an_HTTP_API()
    {
        await using RunningGateway gateway = await RunningGateway.StartFileAsync("""{ "routes": [ { "route": "POST /a", "function": "f" } ] }""");
        Assert.Equal((404, """{"message":"Not Found"}"""), await gateway.GetAsync("/a"));
    }

    public static TheoryData<Exception, int, string, bool> Failures => new()
    {
        { new LambdaRefusedException(429, "TooManyRequestsException", "Rate exceeded"), 429, "Too Many Requests", true },
        { new LambdaRefusedException(413, "RequestTooLargeException", "too large"), 413, "Request Entity Too Large", false },
        { new LambdaRefusedException(404, "ResourceNotFoundException", "no such function"), 500, "Internal Server Error", false },
        { new LambdaRefusedException(403, "AccessDeniedException", "no"), 500, "Internal Server Error", false },
        { new LambdaRefusedException(409, "ResourceConflictException", "being updated"), 503, "Service Unavailable", true },
        { new LambdaRefusedException(500, "ServiceException", "trouble"), 503, "Service Unavailable", true },
        { new LambdaUnreachableException("no connection"), 503, "Service Unavailable", true },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_call_without_a_result_has_its_status(Exception failure, int status, string message, bool retryAfter)
    {
        await using RunningGateway gateway = await RunningGateway.StartAsync();
        gateway.Lambda.Invoke = (_, _) => Task.FromException<LambdaResult>(failure);
        using HttpResponseMessage response = await gateway.Client.GetAsync("/");
        Assert.Equal((status, $"{{\"message\":\"{message}\"}}", "application/json"), ((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Content.Headers.ContentType!.ToString()));
        Assert.Equal(retryAfter, response.Headers.RetryAfter is not null);
    }

    [Theory]
    [InlineData("""{"errorMessage":"secret","errorType":"E"}""", "Unhandled")]
    [InlineData("""{"statusCode":"x"}""", null)]
    [InlineData("""{"statusCode":200,"headers":{"x-a":"1\r\nx-b: 2"}}""", null)]
    public async Task A_function_that_fails_or_makes_no_sense_is_502_and_tells_nothing(string payload, string? error)
    {
        await using RunningGateway gateway = await RunningGateway.StartAsync();
        gateway.Lambda.Invoke = (_, _) => Task.FromResult(ScriptedLambda.Result(payload, error));
        Assert.Equal((502, """{"message":"Internal Server Error"}"""), await gateway.GetAsync("/"));
    }

    [Fact]
    public async Task A_function_that_takes_too_long_is_504_and_its_call_is_ended()
    {
        await using RunningGateway gateway = await RunningGateway.StartAsync("\"timeout\": 0.05");
        gateway.Lambda.Invoke = (_, cancellation) => ScriptedLambda.NeverAsync(cancellation);
        Assert.Equal((504, """{"message":"Endpoint request timed out"}"""), await gateway.GetAsync("/"));
        await gateway.Lambda.Cancelled.WaitAsync();
        gateway.Lambda.Invoke = (_, _) => Task.FromResult(ScriptedLambda.Result("{}"));
        Assert.Equal(200, (await gateway.GetAsync("/")).Status);
    }

    [Fact]
    public async Task A_client_that_goes_away_ends_its_call()
    {
        await using RunningGateway gateway = await RunningGateway.StartAsync();
        gateway.Lambda.Invoke = (_, cancellation) => ScriptedLambda.NeverAsync(cancellation);
        await using (RawConnection connection = await gateway.ConnectAsync())
        {
            await connection.SendAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            await gateway.Lambda.Called.WaitAsync();
        }
        await gateway.Lambda.Cancelled.WaitAsync();
    }

    [Fact]
    public async Task An_event_is_queued_and_answered_202()
    {
        await using RunningGateway gateway = await RunningGateway.StartAsync("\"invoke\": \"event\"");
        using HttpResponseMessage response = await gateway.Client.PostAsync("/jobs", new StringContent("x"));
        Assert.Equal((202, 0), ((int)response.StatusCode, response.Content.Headers.ContentLength));
        Assert.Single(gateway.Lambda.Calls);
    }

    [Theory]
    [InlineData("HEAD", 200, "5")]
    [InlineData("GET", 204, null)]
    [InlineData("GET", 304, null)]
    [InlineData("GET", 200, "5")]
    public async Task Only_what_may_have_a_body_has_one(string method, int status, string? length)
    {
        await using RunningGateway gateway = await RunningGateway.StartAsync();
        gateway.Lambda.Invoke = (_, _) => Task.FromResult(ScriptedLambda.Result($$"""{"statusCode":{{status}},"body":"hello"}"""));
        string answer = await gateway.ExchangeAsync($"{method} / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
        string[] parts = answer.Split("\r\n\r\n");
        Assert.Equal(method == "GET" && status == 200 ? "hello" : "", parts[1]);
        Assert.Equal(length, parts[0].Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length: ", StringComparison.Ordinal))?["Content-Length: ".Length..]);
    }

    [Fact]
    public async Task A_body_that_is_too_large_by_its_head_is_refused_before_it_is_sent()
    {
        await using RunningGateway gateway = await RunningGateway.StartAsync("\"maxBody\": 10");
        await using RawConnection connection = await gateway.ConnectAsync();
        await connection.SendAsync("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\nExpect: 100-continue\r\n\r\n");
        string head = await connection.ReadUntilAsync("\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 413 ", head, StringComparison.Ordinal);
        Assert.Empty(gateway.Lambda.Calls);
    }

    [Theory]
    [InlineData("5\r\nhello\r\n0\r\n\r\n", 200)]
    [InlineData("5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", 413)]
    public async Task A_body_of_unknown_length_is_refused_where_it_grows_too_large(string chunks, int status)
    {
        await using RunningGateway gateway = await RunningGateway.StartAsync("\"maxBody\": 10");
        await using RawConnection connection = await gateway.ConnectAsync();
        await connection.SendAsync($"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}");
        Assert.StartsWith($"HTTP/1.1 {status} ", await connection.ReadUntilAsync("\r\n\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_whose_event_is_larger_than_Lambda_takes_is_refused()
    {
        await using RunningGateway gateway = await RunningGateway.StartAsync();
        using var body = new ByteArrayContent(new byte[5 * 1024 * 1024]); // as base64 it is more than 6 MB
        using HttpResponseMessage response = await gateway.Client.PostAsync("/", body);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Empty(gateway.Lambda.Calls);
    }

    [Fact]
    public async Task A_route_keeps_the_configuration_that_its_request_began_with()
    {
        await using RunningGateway gateway = await RunningGateway.StartAsync();
        var answer = new TaskCompletionSource<LambdaResult>();
        gateway.Lambda.Invoke = (_, _) => answer.Task;
        Task<(int, string)> first = gateway.GetAsync("/");
        await gateway.Lambda.Called.WaitAsync();
        Assert.Empty(gateway.Host.Apply(gateway.Host.State.Current.Configuration with { Routes = [] }));
        Assert.Equal(404, (await gateway.GetAsync("/")).Status);
        answer.SetResult(ScriptedLambda.Result("\"old\""));
        Assert.Equal((200, "old"), await first);
    }
}
