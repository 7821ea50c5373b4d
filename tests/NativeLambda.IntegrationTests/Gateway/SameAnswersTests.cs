using System.Net.Http.Headers;
using System.Text;
using NativeLambda.Payloads;

namespace NativeLambda.IntegrationTests.Gateway;

/// <summary>Same handler, same answers: the function URL, the gateway and Invoke itself.</summary>
public sealed class SameAnswersTests(ThreeWays ways) : IClassFixture<ThreeWays>
{
    private const string Tea = """{"name":"Grüner Tee","price":4.2}""";

    // What is each answer's own: when it was made, by whom, and how its connection goes on.
    private static readonly string[] Own = ["date", "server", "connection", "transfer-encoding", "apigw-requestid", "x-amzn-requestid", "x-amzn-trace-id", "content-length"];

    public static TheoryData<string, string, string?> Requests => new()
    {
        { "PUT", "/products/tea", Tea },
        { "GET", "/products/tea", null },
        { "GET", "/products/te%61", null },
        { "GET", "/products/a%20b", null },
        { "PUT", "/products/a%20b", Tea },
        { "GET", "/products/a%2Fb", null },
        { "GET", "/products/%C3%BC", null },
        { "PUT", "/products/%C3%BC", Tea },
        { "GET", "/products/%2561", null },
        { "GET", "/products/%zz", null },
        { "GET", "/products/%ff", null },
        { "GET", "/products/absent", null },
        { "GET", "/products/", null },
        { "GET", "//products", null },
        { "GET", "/PRODUCTS", null },
        { "GET", "/", null },
        { "GET", "/products", null },
        { "GET", "/products?limit=1", null },
        { "GET", "/products?limit=1&limit=2", null },
        { "GET", "/products?limit=x", null },
        { "GET", "/products?limit=%31", null },
        { "GET", "/products?after=a%20b&limit=2", null },
        { "GET", "/products?after=a+b&limit=2", null },
        { "GET", "/products?x=%26%3D&y", null },
        { "GET", "/products?", null },
        { "HEAD", "/products/tea", null },
        { "HEAD", "/products/absent", null },
        { "OPTIONS", "/products/tea", null },
        { "PATCH", "/products/tea", "{}" },
        { "POST", "/products", Tea },
        { "PUT", "/products/bad", "{" },
        { "PUT", "/products/bad", "" },
        { "PUT", "/products/bad", "{\"name\":1}" },
        { "PUT", "/products/bad", "{\"name\":\"a\",\"price\":-1}" },
        { "PUT", "/products/quote", "{\"name\":\"\\\"\\\\\\n\\u0000 </script>\",\"price\":1}" },
        { "PUT", "/products/emoji", "{\"name\":\"🍵 \\ud83c\\udf75\",\"price\":1}" },
        { "POST", "/products/absent/movements", "{\"quantity\":1}" },
        { "POST", "/products/tea/movements", "{\"quantity\":0}" },
        { "DELETE", "/products/never", null },
        { "DELETE", "/products/te%61", null },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task A_request_is_answered_alike_on_every_way(string method, string target, string? body)
    {
        // Twice in a row, so that the first way does not find a state that the others do not.
        ProxyResponse first = await ways.InvokeAsync(method, target, body), direct = await ways.InvokeAsync(method, target, body);
        if (method is "PUT" or "DELETE") await ways.InvokeAsync(method, target, body);
        string url = await AskAsync(ways.FunctionUrl, method, target, body), gateway = await AskAsync(ways.Gateway, method, target, body);
        Assert.Equal(url, gateway);
        string told = method == "HEAD" ? "" : Encoding.UTF8.GetString(direct.Body.Span);
        Assert.Equal(Describe(direct.StatusCode, direct.Headers.Select(static header => $"{header.Key}: {header.Value}"), told), gateway);
        Assert.True(first.StatusCode is >= 200 and < 600);
    }

    private static async Task<string> AskAsync(HttpClient client, string method, string target, string? body)
    {
        // As it is written: no client is to tidy it up.
        var address = new Uri(client.BaseAddress!.GetLeftPart(UriPartial.Authority) + target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var request = new HttpRequestMessage(new HttpMethod(method), address);
        if (body is not null) request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        using HttpResponseMessage response = await client.SendAsync(request);
        // As they came: the client takes lists apart.
        IEnumerable<string> headers = response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated).SelectMany(static header => header.Value.Select(value => $"{header.Key.ToLowerInvariant()}: {value}"));
        return Describe((int)response.StatusCode, headers, await response.Content.ReadAsStringAsync());
    }

    private static string Describe(int status, IEnumerable<string> headers, string body) => string.Join('\n',
        headers.Where(static line => !Own.Contains(line.Split(':')[0].ToLowerInvariant())).Order(StringComparer.Ordinal).Prepend($"{status}").Append("").Append(body));
}
