using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using NativeLambda.Gateway.Access;
using NativeLambda.Gateway.Configuration;
using NativeLambda.Gateway.Routing;
using NativeLambda.Gateway.Tests.Access;

namespace NativeLambda.Gateway.Tests.Operation;

/// <summary>The first page as it is sent; in a browser it is looked at in the integration tests.</summary>
public sealed class FirstPageTests
{
    private const string Hostile = "</script><script>alert(1)</script><!--";

    private static Task<PipelineHost> StartAsync(bool shown, params Route[] routes) => PipelineHost.StartAsync(
        new GatewayConfiguration { Operation = PipelineHost.Quiet with { FirstPage = shown }, Routes = routes });

    [Fact]
    public async Task It_lists_the_routes_where_none_is_for_the_root_and_it_was_asked_for()
    {
        await using PipelineHost host = await StartAsync(
            true,
            PipelineHost.Route("GET", "/products/{id}", new RouteAccessOptions { Concurrency = new(1) }),
            new Route { Key = RouteKey.Parse("ANY /a/{rest+}"), Function = "a", Qualifier = "live", Mode = InvokeMode.Stream });
        using HttpResponseMessage response = await host.SendAsync("GET", "/");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/html; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        string policy = response.Header("Content-Security-Policy")!;
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        string page = await response.Content.ReadAsStringAsync();
        JsonElement data = JsonDocument.Parse(Regex.Match(page, """<script type="application/json" id="data">(.*?)</script>""").Groups[1].Value).RootElement;
        JsonElement[] routes = [.. data.GetProperty("routes").EnumerateArray()];
        Assert.Equal(["GET /products/{id}", "ANY /a/{rest+}"], routes.Select(static route => route.GetProperty("key").GetString()!));
        Assert.True(routes[0].GetProperty("limited").GetBoolean());
        Assert.Equal(("a:live", "stream"), (routes[1].GetProperty("function").GetString(), routes[1].GetProperty("mode").GetString()));
        Assert.DoesNotMatch("https?://", page);
        Assert.Equal(0, host.Calls);
        using HttpResponseMessage post = await host.SendAsync("POST", "/");
        Assert.Equal(HttpStatusCode.NotFound, post.StatusCode);
    }

    [Fact]
    public async Task It_is_not_there_unless_it_is_asked_for_nor_in_place_of_a_route()
    {
        await using (PipelineHost host = await StartAsync(false, PipelineHost.Route("GET", "/products", RouteAccessOptions.Open)))
        using (HttpResponseMessage response = await host.SendAsync("GET", "/")) Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        await using (PipelineHost host = await StartAsync(true, PipelineHost.Route("GET", "/", RouteAccessOptions.Open)))
        using (HttpResponseMessage response = await host.SendAsync("GET", "/")) Assert.Equal("hello", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task No_text_of_a_configuration_can_leave_its_place()
    {
        await using PipelineHost host = await StartAsync(true, new Route { Key = RouteKey.Parse("GET /x"), Function = Hostile });
        using HttpResponseMessage response = await host.SendAsync("GET", "/");
        string page = await response.Content.ReadAsStringAsync();
        Assert.DoesNotContain("alert(1)</script>", page, StringComparison.Ordinal);
        Assert.Equal(2, Regex.Count(page, "<script"));
    }
}
