using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NativeLambda.Gateway;
using NativeLambda.Gateway.Access;
using NativeLambda.Gateway.Configuration;
using NativeLambda.Gateway.Operation;
using NativeLambda.Gateway.Routing;
using NativeLambda.IntegrationTests.Dashboard;
using NativeLambda.IntegrationTests.Dashboard.Browsing;

namespace NativeLambda.IntegrationTests.Gateway;

/// <summary>The gateway's first page, used in a real browser as a person does, through the whole gateway.</summary>
public sealed class FirstPageTests(BrowserFixture browser) : IClassFixture<BrowserFixture>, IAsyncLifetime
{
    private const string Key = "k-0123456789-0123456789";

    private GatewayHost _gateway = null!;

    public async ValueTask InitializeAsync() => _gateway = await GatewayHost.StartAsync(
        new GatewayConfiguration
        {
            Listeners = [new ListenerOptions { EndPoint = new IPEndPoint(IPAddress.Loopback, 0) }],
            Operation = new OperationOptions { Management = null, AccessLog = null, FirstPage = true },
            Access = new AccessOptions { ApiKeys = [new("one", Sha256: Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Key))))] },
            Routes =
            [
                new Route { Key = RouteKey.Parse("GET /products/{id}"), Function = "products" },
                new Route { Key = RouteKey.Parse("ANY /files/{rest+}"), Function = "files", Access = new RouteAccessOptions { ApiKeys = [] } },
                new Route { Key = RouteKey.Parse("GET /markup"), Function = "markup" },
            ],
        },
        new EchoLambda(),
        TimeProvider.System,
        CancellationToken.None);

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    private async Task<Page> OpenAsync(string scheme = "light")
    {
        Page page = await browser.NewPageAsync();
        await page.PreferAsync(("prefers-color-scheme", scheme));
        await page.GoToAsync(new Uri(_gateway.Addresses[0]));
        await page.WaitForAsync("document.querySelectorAll('.route').length === 3");
        return page;
    }

    private static async Task<JsonElement> ContentAsync(Page page) =>
        JsonDocument.Parse((await page.EvaluateAsync("document.getElementById('content').textContent")).GetString()!).RootElement;

    private static Task AnsweredAsync(Page page, int status) => page.WaitForAsync($"document.getElementById('status').textContent.startsWith('{status} ')");

    [Fact]
    public async Task A_route_is_tried_by_keyboard_and_what_is_typed_is_a_value_and_not_a_path()
    {
        Page page = await OpenAsync();
        await page.EvaluateAsync("document.querySelector('.route').focus(); undefined");
        await page.PressAsync("Enter");
        await page.WaitForAsync("document.activeElement.name === 'id'");
        await page.TypeAsync("a/b?c#d é");
        await page.PressAsync("Tab");
        await page.TypeAsync("?x=1&y=%20");
        Assert.Equal("GET /products/a%2Fb%3Fc%23d%20%C3%A9?x=1&y=%20", await page.TextAsync("#target"));
        await page.PressAsync("Enter");
        await AnsweredAsync(page, 200);
        JsonElement content = await ContentAsync(page);
        Assert.Equal("GET /products/{id}", content.GetProperty("route").GetString());
        Assert.Equal("a/b?c#d é", content.GetProperty("parameters").GetProperty("id").GetString());
        Assert.Equal("x=1&y=%20", content.GetProperty("query").GetString());
        Assert.Empty(page.Errors);
        Assert.All(page.Requests, address => Assert.True(address.StartsWith(_gateway.Addresses[0], StringComparison.Ordinal) || address.StartsWith("data:", StringComparison.Ordinal), address));
    }

    [Fact]
    public async Task A_key_and_a_body_are_sent_where_the_route_takes_them()
    {
        Page page = await OpenAsync();
        await page.ClickAsync("li:nth-child(2) .route");
        await page.TypeAsync("a/b");
        await page.EvaluateAsync("document.getElementById('method').value = 'POST'; document.getElementById('method').dispatchEvent(new Event('input')); undefined");
        await page.ClickAsync("#body");
        await page.TypeAsync("{\"x\":1}");
        await page.ClickAsync(".send");
        await AnsweredAsync(page, 403);
        await page.ClickAsync("#api-key");
        await page.TypeAsync(Key);
        await page.ClickAsync(".send");
        await AnsweredAsync(page, 200);
        JsonElement content = await ContentAsync(page);
        Assert.Equal(("a/b", "{\"x\":1}"), (content.GetProperty("parameters").GetProperty("rest").GetString(), content.GetProperty("body").GetString()));
    }

    [Fact]
    public async Task What_a_function_answers_is_shown_as_text()
    {
        Page page = await OpenAsync();
        await page.ClickAsync("li:nth-child(3) .route");
        await page.ClickAsync(".send");
        await AnsweredAsync(page, 200);
        Assert.Equal(EchoLambda.Hostile, (await page.EvaluateAsync("document.getElementById('content').textContent")).GetString());
        Assert.Contains(EchoLambda.Hostile, (await page.EvaluateAsync("document.getElementById('headers').textContent")).GetString(), StringComparison.Ordinal);
        Assert.Equal("Lambda gateway", (await page.EvaluateAsync("document.title")).GetString());
        Assert.Equal(0, (await page.EvaluateAsync("document.querySelectorAll('#answer img, #answer script').length")).GetInt32());
        // And no script could do otherwise, if it wanted to.
        Assert.Equal("TypeError", (await page.EvaluateAsync("try { document.body.innerHTML = '<b>x</b>'; 'none' } catch (error) { error.name }")).GetString());
    }

    [Theory]
    [InlineData("dark", 1280)]
    [InlineData("light", 1280)]
    [InlineData("dark", 360)]
    [InlineData("light", 360)]
    public async Task It_fits_and_its_colours_are_the_system_s(string scheme, int width)
    {
        Page page = await OpenAsync(scheme);
        await page.SetViewportAsync(width, 900, phone: width < 500);
        await page.ClickAsync("li:nth-child(3) .route");
        await page.ClickAsync(".send");
        await AnsweredAsync(page, 200);
        Assert.Equal(width, (await page.EvaluateAsync("document.documentElement.scrollWidth")).GetInt32());
        Assert.Equal(
            scheme == "dark" ? "rgb(13, 19, 22)" : "rgb(238, 242, 243)", (await page.EvaluateAsync("getComputedStyle(document.body).backgroundColor")).GetString());
    }

    [Theory]
    [InlineData("dark")]
    [InlineData("light")]
    public async Task The_checker_of_accessibility_finds_nothing(string scheme)
    {
        Page page = await OpenAsync(scheme);
        await page.ClickAsync("li:nth-child(2) .route");
        await page.ClickAsync(".send");
        await AnsweredAsync(page, 403);
        await AccessibilityCheck.FindsNothingAsync(page, atLeast: 10);
    }
}
