using Microsoft.AspNetCore.Http;
using NativeLambda.Gateway.Access;
using NativeLambda.Gateway.Access.Cors;
using NativeLambda.Gateway.Tests.Operation;

namespace NativeLambda.Gateway.Tests.Access;

public sealed class CorsTests
{
    private const string Page = "https://www.example.com";

    private static readonly CorsOptions Named = new()
    {
        AllowOrigins = [Page, "https://*.example.org"],
        AllowMethods = ["GET", "POST"],
        AllowHeaders = ["authorization", "x-api-key"],
        ExposeHeaders = ["date"],
        MaxAge = TimeSpan.FromMinutes(5),
        AllowCredentials = true,
    };

    private static Task<PipelineHost> StartAsync(CorsOptions cors, Func<HttpContext, Task>? function = null) => AccessPipeline.StartAsync(
        new AccessOptions { Cors = cors, ApiKeys = [new("one", Sha256: new string('0', 64))] },
        [
            PipelineHost.Route("GET", "/products", RouteAccessOptions.Open),
            PipelineHost.Route("POST", "/products", new RouteAccessOptions { ApiKeys = [] }),
        ],
        function);

    private static Task<HttpResponseMessage> PreflightAsync(PipelineHost host, string origin, string path = "/products") => host.SendAsync(
        "OPTIONS", path, ("Origin", origin), ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "x-api-key"));

    [Theory]
    [InlineData("/products")] // a route that needs a key, and none for OPTIONS
    [InlineData("/nothing")] // no route at all
    public async Task A_preflight_request_is_answered_without_a_route_or_credentials(string path)
    {
        await using PipelineHost host = await StartAsync(Named);
        using HttpResponseMessage response = await PreflightAsync(host, Page, path);
        Assert.Equal(204, (int)response.StatusCode);
        Assert.Equal(Page, response.Header("Access-Control-Allow-Origin"));
        Assert.Equal("GET,POST", response.Header("Access-Control-Allow-Methods"));
        Assert.Equal("authorization,x-api-key", response.Header("Access-Control-Allow-Headers"));
        Assert.Equal("300", response.Header("Access-Control-Max-Age"));
        Assert.Equal("true", response.Header("Access-Control-Allow-Credentials"));
        Assert.Equal("Origin", response.Header("Vary"));
        Assert.Equal("", await response.Content.ReadAsStringAsync());
        Assert.Equal(0, host.Calls);
    }

    [Fact]
    public async Task An_origin_that_is_not_allowed_gets_no_header_and_its_request_is_served()
    {
        await using PipelineHost host = await StartAsync(Named);
        using HttpResponseMessage preflight = await PreflightAsync(host, "https://evil.test");
        Assert.Equal(204, (int)preflight.StatusCode);
        Assert.DoesNotContain(preflight.Headers, static header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
        using HttpResponseMessage response = await host.SendAsync("GET", "/products", ("Origin", "https://evil.test"));
        Assert.Equal("hello", await response.Content.ReadAsStringAsync());
        Assert.DoesNotContain(response.Headers, static header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
        Assert.Equal("Origin", response.Header("Vary"));
    }

    [Fact]
    public async Task What_a_function_says_of_it_is_replaced()
    {
        await using PipelineHost host = await StartAsync(Named, static context =>
        {
            context.Response.Headers.AccessControlAllowOrigin = "*";
            context.Response.Headers.AccessControlAllowMethods = "DELETE";
            context.Response.Headers.AccessControlMaxAge = "9";
            context.Response.Headers.Vary = "Accept";
            return context.Response.WriteAsync("hello");
        });
        using HttpResponseMessage response = await host.SendAsync("GET", "/products", ("Origin", "https://a.example.org"));
        Assert.Equal("https://a.example.org", response.Header("Access-Control-Allow-Origin"));
        Assert.Equal("date", response.Header("Access-Control-Expose-Headers"));
        Assert.Equal("true", response.Header("Access-Control-Allow-Credentials"));
        Assert.Null(response.Header("Access-Control-Allow-Methods"));
        Assert.Null(response.Header("Access-Control-Max-Age"));
        Assert.Equal("Accept | Origin", response.Header("Vary"));
        using HttpResponseMessage same = await host.SendAsync("GET", "/products");
        Assert.Null(same.Header("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task The_gateway_s_own_refusals_can_be_read_by_the_page()
    {
        await using PipelineHost host = await StartAsync(Named);
        using HttpResponseMessage refused = await host.SendAsync("POST", "/products", ("Origin", Page));
        await Answer.IsAsync(refused, 403, "Forbidden");
        Assert.Equal(Page, refused.Header("Access-Control-Allow-Origin"));
        using HttpResponseMessage missing = await host.SendAsync("GET", "/nothing", ("Origin", Page));
        await Answer.IsAsync(missing, 404, "Not Found");
        Assert.Equal(Page, missing.Header("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task A_star_for_origins_is_answered_by_a_star()
    {
        await using PipelineHost host = await StartAsync(new CorsOptions { AllowOrigins = ["*"], AllowMethods = ["*"], AllowHeaders = ["*"] });
        using HttpResponseMessage response = await PreflightAsync(host, "null");
        Assert.Equal("*", response.Header("Access-Control-Allow-Origin"));
        Assert.Equal("*", response.Header("Access-Control-Allow-Methods"));
        Assert.Equal("*", response.Header("Access-Control-Allow-Headers"));
        Assert.Null(response.Header("Vary"));
        Assert.Null(response.Header("Access-Control-Allow-Credentials"));
    }

    [Fact]
    public async Task With_credentials_a_star_names_what_was_asked_for()
    {
        await using PipelineHost host = await StartAsync(
            new CorsOptions { AllowOrigins = ["https://*"], AllowMethods = ["*"], AllowHeaders = ["*"], AllowCredentials = true });
        using HttpResponseMessage response = await PreflightAsync(host, Page);
        Assert.Equal("POST", response.Header("Access-Control-Allow-Methods"));
        Assert.Equal("x-api-key", response.Header("Access-Control-Allow-Headers"));
        using HttpResponseMessage strange = await host.SendAsync(
            "OPTIONS", "/products", ("Origin", Page), ("Access-Control-Request-Method", "\"<b>\""), ("Access-Control-Request-Headers", "a;b"));
        Assert.Null(strange.Header("Access-Control-Allow-Methods"));
        Assert.Null(strange.Header("Access-Control-Allow-Headers"));
    }

    [Fact]
    public async Task OPTIONS_that_asks_for_nothing_is_a_request_like_any_other()
    {
        await using PipelineHost host = await StartAsync(Named);
        using HttpResponseMessage response = await host.SendAsync("OPTIONS", "/products", ("Origin", Page));
        await Answer.IsAsync(response, 404, "Not Found");
    }

    [Fact]
    public void Options_that_no_browser_would_take_are_refused()
    {
        AssertRefused(Named with { AllowOrigins = [] }, "allowOrigins");
        AssertRefused(Named with { AllowOrigins = ["*"] }, "allowCredentials");
        AssertRefused(Named with { MaxAge = TimeSpan.FromDays(2) }, "maxAge");
        AssertRefused(Named with { AllowMethods = ["GET", "PUT\r\nX: y"] }, "allowMethods[1]");
        AssertRefused(Named with { AllowHeaders = ["a,b"] }, "allowHeaders[0]");
        AssertRefused(Named with { ExposeHeaders = [""] }, "exposeHeaders[0]");

        static void AssertRefused(CorsOptions options, string option) =>
            Assert.Equal(option, Assert.Throws<AccessOptionsException>(() => new CorsPolicy(options)).Option);
    }
}
