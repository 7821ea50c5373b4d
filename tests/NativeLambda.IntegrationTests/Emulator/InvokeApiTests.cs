using System.Net;
using System.Text;
using System.Text.Json;
using NativeLambda.Emulator;
using static NativeLambda.IntegrationTests.Emulator.LambdaFixtures;

namespace NativeLambda.IntegrationTests.Emulator;

public sealed class InvokeApiTests : IAsyncLifetime
{
    private readonly HttpClient _client = new() { Timeout = Guard };
    private LocalLambda _lambda = null!;

    public async ValueTask InitializeAsync()
    {
        _lambda = await LocalLambda.StartAsync(Options() with { FunctionName = "orders", MaxConcurrency = 1 });
        _client.BaseAddress = _lambda.InvokeEndpoint;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _lambda.DisposeAsync();
    }

    [Theory]
    [InlineData("orders")]
    [InlineData("orders:$LATEST")]
    [InlineData("orders%3A%24LATEST")]
    [InlineData("123456789012:function:orders")]
    [InlineData("arn:aws:lambda:us-east-1:123456789012:function:orders")]
    [InlineData("arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3Aorders%3A%24LATEST")]
    public async Task Every_form_of_the_functions_name_invokes_it(string name)
    {
        using HttpResponseMessage response = await InvokeAsync(name, """{"a":1}""");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("$LATEST", Header(response, "X-Amz-Executed-Version"));
        Assert.False(response.Headers.Contains("X-Amz-Function-Error"));
        JsonElement echo = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());
        Assert.Equal(Header(response, "x-amzn-RequestId"), echo.GetProperty("headers").GetProperty("lambda-runtime-aws-request-id").GetString());
        Assert.StartsWith(
            "arn:aws:lambda:us-east-1:123456789012:function:orders", echo.GetProperty("headers").GetProperty("lambda-runtime-invoked-function-arn").GetString(),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("absent", "ResourceNotFoundException", 404)]
    [InlineData("orders:7", "ResourceNotFoundException", 404)]
    [InlineData("orders?Qualifier=live", "ResourceNotFoundException", 404)]
    [InlineData("or.ders", "ValidationException", 400)]
    public async Task A_function_that_is_not_there_is_not_found(string name, string errorType, int status)
    {
        string[] halves = name.Split('?');
        using HttpResponseMessage response = await InvokeAsync(halves[0], "{}", query: halves.Length == 2 ? "?" + halves[1] : "");
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(errorType, Header(response, "x-amzn-ErrorType"));
    }

    [Fact]
    public async Task A_function_error_is_a_200_with_its_header()
    {
        using HttpResponseMessage response = await InvokeAsync("orders", Steps("""[{"fail":{"errorType":"E"}}]"""));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("Unhandled", Header(response, "X-Amz-Function-Error"));
        Assert.Equal("""{"errorType":"E"}""", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_log_tail_comes_in_Base64()
    {
        using HttpResponseMessage response = await InvokeAsync("orders", Steps("""[{"print":"Grüße"},{"respond":1}]"""), headers: ("X-Amz-Log-Type", "Tail"));
        string tail = Encoding.UTF8.GetString(Convert.FromBase64String(Header(response, "X-Amz-Log-Result")));
        Assert.Contains("\nGrüße\n", tail, StringComparison.Ordinal);
        Assert.Contains("\nREPORT ", tail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_is_accepted_and_runs()
    {
        using HttpResponseMessage response = await InvokeAsync("orders", Steps("""[{"print":"ran"},{"respond":1}]"""), headers: ("X-Amz-Invocation-Type", "Event"));
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
        await _lambda.WaitForLogAsync(line => line.Text == "ran").Guarded();
    }

    [Fact]
    public async Task A_dry_run_runs_nothing()
    {
        using HttpResponseMessage response = await InvokeAsync("orders", "{}", headers: ("X-Amz-Invocation-Type", "DryRun"));
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Empty(_lambda.Environments);
    }

    [Fact]
    public async Task When_all_are_busy_it_is_429_with_Retry_After()
    {
        Task<InvokeResult> first = _lambda.InvokeAsync(Steps("""[{"print":"parked"},{"hang":1}]"""));
        await _lambda.WaitForLogAsync(line => line.Text == "parked").Guarded();
        using HttpResponseMessage response = await InvokeAsync("orders", "{}");
        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Equal("TooManyRequestsException", Header(response, "x-amzn-ErrorType"));
        Assert.Equal("1", Header(response, "Retry-After"));
        JsonElement body = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());
        Assert.Equal("ReservedFunctionConcurrentInvocationLimitExceeded", body.GetProperty("Reason").GetString());
        Assert.False(first.IsCompleted);
    }

    [Theory]
    [InlineData("RequestResponse", 6 * 1024 * 1024)]
    [InlineData("Event", 1024 * 1024)]
    public async Task An_event_over_the_limit_is_413_and_one_at_the_limit_is_not(string type, int limit)
    {
        using HttpResponseMessage over = await InvokeAsync("orders", StringOfSize(limit + 1), headers: ("X-Amz-Invocation-Type", type));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, over.StatusCode);
        Assert.Equal("RequestTooLargeException", Header(over, "x-amzn-ErrorType"));
        Assert.Empty(_lambda.Environments);
        using HttpResponseMessage at = await InvokeAsync("orders", StringOfSize(limit), headers: ("X-Amz-Invocation-Type", type));
        Assert.True(at.IsSuccessStatusCode);
    }

    [Fact]
    public async Task What_is_not_JSON_is_refused()
    {
        using HttpResponseMessage response = await InvokeAsync("orders", "{broken");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("InvalidRequestContentException", Header(response, "x-amzn-ErrorType"));
    }

    [Theory]
    [InlineData("text/xml", false)]
    [InlineData("application/json; charset=utf-16", false)]
    [InlineData("multipart/form-data; boundary=x", false)]
    [InlineData("no type at all", false)]
    [InlineData("application/json; charset=utf-8", true)]
    [InlineData("application/octet-stream", true)]
    [InlineData("application/x-www-form-urlencoded", true)]
    [InlineData(null, true)]
    public async Task A_type_that_cannot_be_JSON_is_refused(string? contentType, bool accepted)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/2015-03-31/functions/orders/invocations") { Content = new ByteArrayContent("{}"u8.ToArray()) };
        if (contentType is not null) request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        using HttpResponseMessage response = await _client.SendAsync(request);
        Assert.Equal(accepted ? HttpStatusCode.OK : HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        if (!accepted) Assert.Equal("UnsupportedMediaTypeException", Header(response, "x-amzn-ErrorType"));
    }

    [Fact]
    public async Task A_trace_id_that_no_header_can_carry_does_no_harm()
    {
        using var socket = new System.Net.Sockets.TcpClient("127.0.0.1", _lambda.InvokeEndpoint.Port);
        await using System.Net.Sockets.NetworkStream stream = socket.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(
            "POST /2015-03-31/functions/orders/invocations HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nX-Amzn-Trace-Id: Größe\r\nConnection: close\r\n\r\n{}"));
        using var reader = new StreamReader(stream);
        string response = await reader.ReadToEndAsync().Guarded();
        Assert.StartsWith("HTTP/1.1 200 OK", response, StringComparison.Ordinal);
        Assert.Contains("\"lambda-runtime-trace-id\":\"Root=1-", response, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/2015-03-31/functions/orders%0d%0aX-Injected:%201/invocations", 400)]
    [InlineData("/2015-03-31/functions/..%2f..%2fetc%2fpasswd/invocations", 400)]
    [InlineData("/2015-03-31/functions/orders%00/invocations", 400)]
    [InlineData("/2015-03-31/functions//invocations", 400)]
    [InlineData("/2015-03-31/functions/orders/invocations/more", 404)]
    [InlineData("/2015-03-31/functionsorders", 404)]
    public async Task A_path_that_is_none_is_refused_and_injects_nothing(string path, int status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_lambda.InvokeEndpoint, path)) { Content = new StringContent("{}") };
        using HttpResponseMessage response = await _client.SendAsync(request);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.False(response.Headers.Contains("X-Injected"));
        Assert.Empty(_lambda.Environments);
    }

    [Fact]
    public async Task The_client_context_reaches_the_function()
    {
        string context = Convert.ToBase64String(Encoding.UTF8.GetBytes("""{"custom":{"k":"ü"}}"""));
        using HttpResponseMessage response = await InvokeAsync("orders", "{}", headers: ("X-Amz-Client-Context", context));
        JsonElement echo = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());
        string header = echo.GetProperty("headers").GetProperty("lambda-runtime-client-context").GetString()!;
        Assert.Equal("ü", JsonSerializer.Deserialize<JsonElement>(header).GetProperty("custom").GetProperty("k").GetString());
    }

    private static string StringOfSize(int size) => "\"" + new string('x', size - 2) + "\"";

    private static string Header(HttpResponseMessage response, string name) => Assert.Single(response.Headers.GetValues(name));

    private async Task<HttpResponseMessage> InvokeAsync(string name, string payload, string query = "", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/2015-03-31/functions/{name}/invocations{query}")
        {
            Content = new StringContent(payload, Encoding.UTF8, "application/json"),
        };
        foreach ((string header, string value) in headers) request.Headers.Add(header, value);
        return await _client.SendAsync(request);
    }
}
