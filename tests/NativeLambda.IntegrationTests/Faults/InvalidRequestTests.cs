using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace NativeLambda.IntegrationTests.Faults;

/// <summary>Requests to the function's URL that are the client's mistake: the right 4xx, never a 500, and never the end of it.</summary>
public sealed class InvalidRequestTests(SharedFunction shared) : IClassFixture<SharedFunction>
{
    private const string Json = "application/json";
    private const string Good = """{"name":"a","price":1}""";

    [Theory]
    [InlineData("PUT", "/products/p", "{broken", Json, 400, "body")]
    [InlineData("PUT", "/products/p", "", Json, 400, "body")]
    [InlineData("PUT", "/products/p", "[]", Json, 400, "body")]
    [InlineData("PUT", "/products/p", """{"name":"a","price":1}}""", Json, 400, "body")]
    [InlineData("PUT", "/products/p", """{"name":"a"}""", Json, 400, "price")]
    [InlineData("PUT", "/products/p", """{"name":7,"price":1}""", Json, 400, "name")]
    [InlineData("PUT", "/products/p", """{"name":"a","price":-1}""", Json, 400, "price")]
    [InlineData("PUT", "/products/p", """{"name":"\u0000","price":1}""", Json, 400, "name")]
    [InlineData("PUT", "/products/p", """{"name":"\ud800","price":1}""", Json, 400, "name")]
    [InlineData("PUT", "/products/p", Good, "text/plain", 415, "content-type")]
    [InlineData("PUT", "/products/p", Good, "application/json; charset=utf-16", 415, "content-type")]
    [InlineData("PUT", "/products/p%2Fq", Good, Json, 400, "id")]
    [InlineData("GET", "/products/%FF", null, null, 400, "id")]
    [InlineData("GET", "/products?limit=0", null, null, 400, "limit")]
    [InlineData("GET", "/products?limit=99999999999999999999", null, null, 400, "limit")]
    [InlineData("GET", "/products?after=%00", null, null, 400, "after")]
    [InlineData("POST", "/products/p/movements", """{"quantity":0}""", Json, 400, "quantity")]
    [InlineData("POST", "/products/p/movements", """{"quantity":99999999999}""", Json, 400, "quantity")]
    [InlineData("POST", "/products/p/movements", """{"quantity":-1}""", Json, 409, "quantity")]
    [InlineData("POST", "/products/unknown/movements", """{"quantity":1}""", Json, 404, "id")]
    [InlineData("GET", "/products/unknown", null, null, 404, "id")]
    [InlineData("GET", "/", null, null, 404, null)]
    [InlineData("GET", "/product", null, null, 404, null)]
    [InlineData("GET", "/products/p/movements/1", null, null, 404, null)]
    [InlineData("GET", "/%", null, null, 404, null)]
    public async Task It_is_told_what_is_wrong(string method, string target, string? body, string? contentType, int status, string? field)
    {
        using HttpResponseMessage response = await SendAsync(method, target, body is null ? null : Encoding.UTF8.GetBytes(body), contentType);
        await AssertProblemAsync(response, status, field);
    }

    [Theory]
    [InlineData("PATCH", "/products/p", "GET", "PUT", "DELETE")]
    [InlineData("GET", "/products/p/movements", "POST")]
    [InlineData("DELETE", "/products", "GET")]
    [InlineData("POST", "/connection", "GET")]
    public async Task It_is_told_which_methods_there_are(string method, string target, params string[] allowed)
    {
        using HttpResponseMessage response = await SendAsync(method, target);
        await AssertProblemAsync(response, 405, field: null);
        Assert.Subset(response.Content.Headers.Allow.ToHashSet(), allowed.ToHashSet());
        Assert.DoesNotContain(method, response.Content.Headers.Allow);
    }

    [Theory]
    [InlineData(1024 * 1024 + 1)]
    [InlineData(4 * 1024 * 1024)]
    public async Task A_body_over_1_MB_is_refused(int bytes)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(Good), .. Enumerable.Repeat((byte)' ', bytes - Good.Length)];
        using HttpResponseMessage response = await SendAsync("PUT", "/products/p", body, Json);
        await AssertProblemAsync(response, 413, "body");
    }

    [Fact]
    public async Task A_body_of_1_MB_is_not()
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(Good), .. Enumerable.Repeat((byte)' ', (1024 * 1024) - Good.Length)];
        using HttpResponseMessage response = await SendAsync("PUT", "/products/p", body, Json);
        Assert.Equal(200, (int)response.StatusCode);
    }

    [Fact]
    public async Task A_NUL_in_the_path_is_refused()
    {
        // Straight to the function: the front door would refuse it first.
        FunctionAnswer answer = await shared.Function.InvokeHttpAsync("GET", "/products/%00");
        answer.Problem(400);
        Assert.Equal("id", answer.Json.GetProperty("field").GetString());
        await shared.AssertServesOnAsync();
    }

    [Fact]
    public async Task A_body_that_is_not_UTF_8_is_refused()
    {
        using HttpResponseMessage response = await SendAsync("PUT", "/products/p", [.. "{\"name\":\""u8, 0xC3, 0x28, .. "\",\"price\":1}"u8], Json);
        await AssertProblemAsync(response, 400, "body");
    }

    private async Task<HttpResponseMessage> SendAsync(string method, string target, byte[]? body = null, string? contentType = null)
    {
        // The path is sent as it stands: the client must not repair it.
        var options = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(60) };
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(shared.Function.Url.GetLeftPart(UriPartial.Authority) + target, options));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType!);
        }

        return await client.SendAsync(request);
    }

    private async Task AssertProblemAsync(HttpResponseMessage response, int status, string? field)
    {
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(status == (int)response.StatusCode, $"{(int)response.StatusCode}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        JsonElement problem = JsonElement.Parse(text);
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.Equal(field, problem.TryGetProperty("field", out JsonElement named) ? named.GetString() : null);
        await shared.AssertServesOnAsync();
    }
}
