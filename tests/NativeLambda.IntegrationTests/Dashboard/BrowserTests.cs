using NativeLambda.Emulator;
using NativeLambda.IntegrationTests.Dashboard.Browsing;
using NativeLambda.IntegrationTests.Emulator;
using static NativeLambda.IntegrationTests.Emulator.LambdaFixtures;

namespace NativeLambda.IntegrationTests.Dashboard;

/// <summary>The dashboard in a real browser, over real environments.</summary>
public sealed class BrowserTests(BrowserFixture browser) : IClassFixture<BrowserFixture>, IAsyncLifetime
{
    private const string Cells = "document.querySelectorAll('.cell:not([data-phase=dead])').length";

    private LocalLambda _lambda = null!;
    private Page _page = null!;

    public async ValueTask InitializeAsync()
    {
        _lambda = await LocalLambda.StartAsync(Options() with { DashboardPort = 0, FunctionName = "steps" });
        _page = await browser.OpenAsync(_lambda.DashboardUrl!);
    }

    public async ValueTask DisposeAsync()
    {
        if (_lambda is not null) await _lambda.DisposeAsync();
    }

    [Fact]
    public async Task The_page_loads_without_an_error_and_asks_nobody_but_the_emulator()
    {
        Assert.Equal("Lambda emulator", (await _page.EvaluateAsync("document.title")).GetString());
        Assert.Contains("steps · 128 MB", await _page.TextAsync("#facts"), StringComparison.Ordinal);
        await BurstAsync(2, """[{"print":"<img src=https://evil.example/x.png>"},{"respond":1}]""");
        await _page.WaitForAsync("document.querySelectorAll('#log-lines li').length === 2");
        Assert.All(_page.Requests, url => Assert.StartsWith(_lambda.DashboardUrl!.ToString(), url, StringComparison.Ordinal));
        Assert.Contains(_page.Requests, static url => url.EndsWith("/js/main.js", StringComparison.Ordinal));
        Assert.Empty(_page.Errors);
    }

    [Fact]
    public async Task A_burst_shows_cells_and_one_that_is_killed_is_replaced()
    {
        Assert.Equal(0, (await _page.EvaluateAsync(Cells)).GetInt32());
        await BurstAsync(3, """[{"sleep":1500},{"respond":1}]""");
        await _page.WaitForAsync("document.querySelectorAll('.cell[data-phase=busy]').length === 3");
        await _page.WaitForAsync("document.querySelectorAll('.cell[data-phase=frozen]').length === 3");
        await _page.WaitForAsync("document.getElementById('said').textContent.includes('3 succeeded')");
        await _page.WaitForAsync("document.getElementById('cold').textContent === '3'");
        await _page.WaitForAsync("document.querySelectorAll('#log-lines li').length === 3");
        Assert.Contains("init ", await _page.TextAsync("#log-lines li"), StringComparison.Ordinal);

        await _page.ClickAsync(".cell:nth-child(2)");
        await _page.WaitForAsync("document.querySelector('.cell:nth-child(2)').getAttribute('aria-selected') === 'true'");
        string victim = (await _page.EvaluateAsync("document.querySelector('.cell[aria-selected=true]').dataset.id")).GetString()!;
        await _page.WaitForAsync($"document.getElementById('inspector-id').textContent === {Page.Quote(victim)}");
        int process = _lambda.Environments.Single(environment => environment.Id == victim).ProcessId!.Value;
        await _page.ClickAsync("[data-control=kill]");
        await _page.WaitForAsync($"document.querySelector('.cell[data-id=\"{victim}\"]').dataset.phase === 'dead'");
        Assert.False(IsAlive(process));
        Assert.Equal(2, _lambda.Environments.Count);
        await _page.WaitForAsync("document.querySelector('[data-control=thaw]').getAttribute('aria-disabled') === 'true'");

        await BurstAsync(3, """[{"sleep":1000},{"respond":1}]""");
        await _page.WaitForAsync("document.querySelectorAll('.cell[data-phase=frozen]').length === 3");
        await _page.WaitForAsync("document.getElementById('cold').textContent === '4'");
        await _page.WaitForAsync($"!document.querySelector('.cell[data-id=\"{victim}\"]')"); // in the end it is not shown any more
        Assert.Empty(_page.Errors);
    }

    [Fact]
    public async Task An_invocation_is_held_and_let_go()
    {
        // Long enough to be caught in it by hand; it sleeps on while it is held.
        Task<InvokeResult> invocation = _lambda.InvokeAsync(Steps("""[{"print":"begun"},{"sleep":10000},{"respond":1}]"""));
        await _lambda.WaitForLogAsync(line => line.Text == "begun").Guarded();
        await _page.WaitForAsync($"{Cells} === 1");
        await _page.ClickAsync(".cell");
        await _page.WaitForAsync("!document.getElementById('inspector').hidden");
        await _page.ClickAsync("[data-control=freeze]");
        await _page.WaitForAsync("document.querySelector('.cell').dataset.phase === 'held'");
        await _page.WaitForAsync("document.getElementById('inspector-phase').textContent.includes('Held')");
        await _page.WaitForAsync("document.querySelector('[data-control=thaw]').getAttribute('aria-disabled') !== 'true'");
        await _page.ClickAsync("[data-control=thaw]");
        InvokeResult result = await invocation.Guarded();
        Assert.Equal(200, result.StatusCode);
        Assert.Null(result.FunctionError);
        await _page.WaitForAsync("document.querySelector('.cell').dataset.phase === 'frozen'");
        Assert.Empty(_page.Errors);
    }

    [Fact]
    public async Task Everything_can_be_done_by_keyboard_alone()
    {
        for (int i = 0; i < 3; i++) await _lambda.StartEnvironmentAsync();
        await _page.WaitForAsync($"{Cells} === 3");
        await TabToAsync("document.activeElement.classList.contains('cell')");
        await _page.PressAsync("ArrowRight");
        await _page.PressAsync("End");
        await _page.PressAsync("ArrowLeft");
        string chosen = _lambda.Environments[1].Id;
        await _page.WaitForAsync($"document.getElementById('inspector-id').textContent === {Page.Quote(chosen)}");
        Assert.Equal(chosen, (await _page.EvaluateAsync("document.activeElement.dataset.id")).GetString());
        Assert.True((await _page.EvaluateAsync("getComputedStyle(document.activeElement).outlineWidth !== '0px'")).GetBoolean());

        await TabToAsync("document.activeElement.dataset.control === 'thaw'");
        await _page.PressAsync("Enter");
        await _page.WaitForAsync($"document.querySelector('.cell[data-id=\"{chosen}\"]').dataset.phase === 'idle'");
        // The button stays where the keyboard is, though it has nothing to do now.
        await _page.WaitForAsync("document.activeElement.dataset.control === 'thaw' && document.activeElement.getAttribute('aria-disabled') === 'true'");
        await TabToAsync("document.activeElement.dataset.control === 'kill'");
        await _page.PressAsync(" ");
        await _lambda.WaitUntilAsync(static environments => environments.Count == 2).Guarded();
        await _page.WaitForAsync($"document.querySelector('.cell[data-id=\"{chosen}\"]').dataset.phase === 'dead'");
        // When it is not shown any more, its buttons are not either: the keyboard is back among the cells.
        await _page.WaitForAsync($"!document.querySelector('.cell[data-id=\"{chosen}\"]') && document.activeElement.classList.contains('cell')");

        await TabToAsync("document.activeElement.id === 'burst-count'");
        await _page.PressAsync("Backspace");
        await _page.PressAsync("Backspace");
        await _page.TypeAsync("1");
        await _page.PressAsync("Enter");
        await _page.WaitForAsync("document.getElementById('said').textContent.includes('1 succeeded')");
        await TabToAsync("document.activeElement.id === 'theme'");
        await _page.PressAsync("Enter");
        Assert.Equal("dark", (await _page.EvaluateAsync("document.documentElement.dataset.theme")).GetString());
        Assert.Empty(_page.Errors);
    }

    [Fact]
    public async Task An_event_that_is_no_JSON_is_not_sent_and_explained()
    {
        await TypeEventAsync("{broken");
        await _page.ClickAsync("#burst [type=submit]");
        await _page.WaitForAsync("!document.getElementById('burst-error').hidden");
        Assert.Contains("no JSON", await _page.TextAsync("#burst-error"), StringComparison.Ordinal);
        Assert.Empty(_lambda.Environments);
    }

    [Fact]
    public async Task A_page_that_loses_the_emulator_says_so_and_comes_back_with_the_next_one()
    {
        int port = _lambda.DashboardUrl!.Port;
        await _lambda.DisposeAsync();
        await _page.WaitForAsync("document.getElementById('link').dataset.state === 'connecting'");
        await using LocalLambda next = await LocalLambda.StartAsync(Options() with { DashboardPort = port });
        await next.StartEnvironmentAsync();
        await _page.WaitForAsync($"document.getElementById('link').dataset.state === 'live' && {Cells} === 1");
    }

    private async Task TabToAsync(string condition)
    {
        for (int i = 0; i < 40; i++)
        {
            await _page.PressAsync("Tab");
            if ((await _page.EvaluateAsync(condition)).GetBoolean()) return;
        }
        Assert.Fail($"forty times Tab, and never {condition}");
    }

    private async Task BurstAsync(int count, string steps)
    {
        await _page.EvaluateAsync($"document.getElementById('burst-count').value = '{count}'");
        await TypeEventAsync(Steps(steps));
        await _page.ClickAsync("#burst [type=submit]");
    }

    private async Task TypeEventAsync(string text)
    {
        await _page.EvaluateAsync("document.getElementById('burst-payload').select()");
        await _page.TypeAsync(text);
    }
}
