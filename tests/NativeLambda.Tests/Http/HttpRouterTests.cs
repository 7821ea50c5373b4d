using System.Text;
using NativeLambda.Http;
using NativeLambda.Runtime;
using Npgsql;

namespace NativeLambda.Tests.Http;

public sealed class HttpRouterTests
{
    private readonly HttpRouter _router = new HttpRouter()
        .Map("GET", "/", Answer("root"))
        .Map("GET", "/products/{id}", Answer("get"))
        .Map("PUT", "/products/{id}", Answer("put"))
        .Map("GET", "/products/new", Answer("new"))
        .Map("GET", "/{kind}/{id}", Answer("any"))
        .Map("GET", "/products/{id}/parts/{part}", Answer("part"))
        .Map("GET", "/a b", Answer("space"))
        .Map("GET", "/broken", (_, _, _, _) => throw new HttpProblemException(409, "No.", "stock"));

    [Theory]
    [InlineData("GET", "/", "root")]
    [InlineData("GET", "/products/1", "get id=1")]
    [InlineData("PUT", "/products/1", "put id=1")]
    [InlineData("GET", "/products/new", "new")]
    [InlineData("PUT", "/products/new", "put id=new")]
    [InlineData("GET", "/things/1", "any kind=things id=1")]
    [InlineData("GET", "/products/1/parts/2", "part id=1 part=2")]
    [InlineData("GET", "/products/a%2Fb", "get id=a/b")]
    [InlineData("GET", "/products/a%252Fb", "get id=a%2Fb")]
    [InlineData("GET", "/products/caf%C3%A9%00", "get id=café\0")]
    [InlineData("GET", "/products/%ff", "get id=\ufffd")]
    [InlineData("GET", "/products/100%", "get id=100%")]
    [InlineData("GET", "/products/a+b", "get id=a+b")]
    [InlineData("GET", "/products/..", "get id=..")]
    [InlineData("GET", "/%70roducts/1", "get id=1")]
    [InlineData("GET", "/a%20b", "space")]
    public async Task The_most_literal_template_wins_and_segments_are_decoded_once(string method, string path, string expected)
    {
        HttpResponse response = await Send(method, path);
        Assert.Equal(200, response.StatusCode);
        Assert.Equal(expected, Encoding.UTF8.GetString(response.Body.Span));
    }

    [Theory]
    [InlineData("/products")]
    [InlineData("/products/")]
    [InlineData("/products/1/")]
    [InlineData("//")]
    [InlineData("/Broken")]
    [InlineData("/products/1/parts/2/3")]
    public async Task An_unknown_path_is_a_404_problem(string path)
    {
        foreach (string method in new[] { "GET", "OPTIONS", "BREW" })
        {
            HttpResponse response = await Send(method, path);
            Assert.Equal(404, response.StatusCode);
            Assert.Equal("application/problem+json", response.Headers["content-type"]);
        }
    }

    [Theory]
    [InlineData("DELETE")]
    [InlineData("get")]
    [InlineData("BREW")]
    public async Task Another_method_is_a_405_with_allow(string method)
    {
        HttpResponse response = await Send(method, "/products/1");
        Assert.Equal(405, response.StatusCode);
        Assert.Equal("GET, HEAD, PUT, OPTIONS", response.Headers["allow"]);
        Assert.Equal("application/problem+json", response.Headers["content-type"]);
    }

    [Fact]
    public async Task Options_is_answered_with_allow()
    {
        HttpResponse response = await Send("OPTIONS", "/products/1");
        Assert.Equal(204, response.StatusCode);
        Assert.Equal("GET, HEAD, PUT, OPTIONS", response.Headers["allow"]);
    }

    [Fact]
    public async Task Head_is_served_by_get_without_the_body()
    {
        HttpResponse response = await Send("HEAD", "/products/1");
        Assert.Equal(200, response.StatusCode);
        Assert.Equal("text/plain; charset=utf-8", response.Headers["content-type"]);
        Assert.True(response.Body.IsEmpty);
        Assert.Equal(404, (await Send("HEAD", "/nothing")).StatusCode);
    }

    [Fact]
    public async Task A_problem_that_a_handler_throws_is_its_response()
    {
        HttpResponse response = await Send("GET", "/broken");
        Assert.Equal(409, response.StatusCode);
        Assert.Equal("""{"title":"Conflict","status":409,"detail":"No.","field":"stock"}""", Encoding.UTF8.GetString(response.Body.Span));
    }

    [Fact]
    public async Task Another_exception_is_left_to_the_caller()
    {
        _router.Map("GET", "/throws/now", (_, _, _, _) => throw new TimeoutException());
        await Assert.ThrowsAsync<TimeoutException>(async () => await Send("GET", "/throws/now"));
    }

    [Theory]
    [InlineData("products")]
    [InlineData("/products/{id")]
    [InlineData("/products/{}")]
    [InlineData("/products/p{id}")]
    [InlineData("/{id}/{id}")]
    [InlineData("/products/{other}")]
    [InlineData("/products/new")]
    public void A_malformed_or_ambiguous_template_is_refused(string template) =>
        Assert.Throws<ArgumentException>(() => _router.Map("GET", template, Answer("")));

    [Theory]
    [InlineData("GET", true)]
    [InlineData("HEAD", true)]
    [InlineData("OPTIONS", true)]
    [InlineData("PUT", false)]
    [InlineData("POST", false)]
    [InlineData("DELETE", false)]
    [InlineData("get", false)]
    public void Only_safe_methods_are_idempotent_by_default(string method, bool expected) =>
        Assert.Equal(expected, HttpMethods.IsIdempotentByDefault(method));

    private static HttpHandler Answer(string name) => (request, _, _, _) =>
        ValueTask.FromResult(HttpResponse.Text(200, name + string.Concat(request.RouteParameters.Select(p => $" {p.Key}={p.Value}"))));

    private ValueTask<HttpResponse> Send(string method, string path)
    {
        var context = new InvocationContext(new Invocation { RequestId = "1", DeadlineUnixMs = 0 }, default, TimeProvider.System);
        return _router.HandleAsync(new HttpRequest { Method = method, Path = path }, new NpgsqlConnection(), context, CancellationToken.None);
    }
}
