using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using NativeLambda.Emulator.Dashboard.Feed;
using NativeLambda.Emulator.Environments;
using NativeLambda.Emulator.Logging;
using NativeLambda.IntegrationTests.Dashboard.Browsing;

namespace NativeLambda.IntegrationTests.Dashboard;

/// <summary>How the page looks, in a real browser, with environments in every phase: contrast, sizes, schemes, text of others.</summary>
public sealed class AppearanceTests(BrowserFixture browser) : IClassFixture<BrowserFixture>, IAsyncLifetime
{
    // All visible text against what is behind it; colours are drawn on a canvas, for they may be mixed in any colour space.
    private const string Contrasts =
        """
        (() => {
          const pen = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d', { willReadFrequently: true });
          const read = (layers) => {
            pen.clearRect(0, 0, 1, 1);
            for (const colour of layers) { pen.fillStyle = colour; pen.fillRect(0, 0, 1, 1); }
            return [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3);
          };
          const light = (rgb) => {
            const [r, g, b] = rgb.map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
          };
          const contrast = (a, b) => {
            const [high, low] = [light(a), light(b)].sort((x, y) => y - x);
            return (high + 0.05) / (low + 0.05);
          };
          const behind = (element) => {
            const layers = [];
            for (let at = element; at; at = at.parentElement) layers.unshift(getComputedStyle(at).backgroundColor);
            return layers;
          };
          const poor = [];
          let looked = 0;
          for (const element of document.querySelectorAll('body *')) {
            const style = getComputedStyle(element);
            if (element.closest('.visually-hidden, .skip, noscript') || !element.checkVisibility()) continue;
            const text = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()) || element.matches('input, select');
            const shape = element.matches('svg.icon');
            if (!text && !shape) continue;
            looked++;
            const ground = behind(element);
            const ratio = contrast(read([...ground, style.color]), read(ground));
            const size = parseFloat(style.fontSize);
            const needed = shape ? 3 : size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
            if (ratio < needed) poor.push(`${ratio.toFixed(2)} ${element.tagName} ${element.className} ${element.textContent.slice(0, 40)}`);
          }
          return { looked, poor };
        })()
        """;

    // It stands still but where a test moves it: the dead stay as long as they are looked at.
    private readonly FakeTimeProvider _clock = StagedDashboard.NewClock();
    private StagedDashboard _stage = null!;

    public async ValueTask InitializeAsync()
    {
        _stage = await StagedDashboard.StartAsync(_clock);
        _stage.ShowEveryPhase();
        var report = new ReportLine { RequestId = "1", Duration = TimeSpan.FromMilliseconds(3.2), MemorySizeMb = 512, MaxMemoryUsedMb = 20 };
        _stage.Log(1, report with { InitDuration = TimeSpan.FromMilliseconds(25) });
        _stage.Log(2, report with { RequestId = "2", Status = "error", ErrorType = "Oh.No" });
        _stage.Log(2, LogSource.StandardError, "it went wrong");
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Theory]
    [InlineData("dark")]
    [InlineData("light")]
    public async Task All_text_has_the_contrast_that_WCAG_AA_asks_for(string scheme)
    {
        Page page = await OpenAsync(scheme);
        JsonElement result = await page.EvaluateAsync(Contrasts);
        Assert.Equal([], result.GetProperty("poor").EnumerateArray().Select(static line => line.GetString()));
        Assert.True(result.GetProperty("looked").GetInt32() > 100, result.ToString());
    }

    [Theory]
    [InlineData("dark", 1280)]
    [InlineData("light", 1280)]
    [InlineData("dark", 390)]
    [InlineData("light", 390)]
    public async Task The_checker_of_accessibility_finds_nothing(string scheme, int width)
    {
        Page page = await OpenAsync(scheme);
        await page.SetViewportAsync(width, 900, phone: width < 500);
        await AccessibilityCheck.FindsNothingAsync(page, atLeast: 21);
    }

    [Fact]
    public async Task No_phase_is_told_by_colour_alone()
    {
        Page page = await OpenAsync("dark");
        JsonElement shapes = await page.EvaluateAsync(
            "[...document.querySelectorAll('#legend li')].map((item) => [item.innerText.replace(/\\d+/, '').trim(), item.querySelector('path').getAttribute('d')])");
        string[][] all = [.. shapes.EnumerateArray().Select(static pair => new[] { pair[0].GetString()!, pair[1].GetString()! })];
        Assert.Equal(Enum.GetNames<Phase>().Length, all.Length);
        Assert.Equal(all.Length, all.Select(static pair => pair[0]).Distinct().Count());
        Assert.Equal(all.Length, all.Select(static pair => pair[1]).Distinct().Count());
        string name = (await page.EvaluateAsync($"document.querySelector('.cell[data-id=\"{StagedDashboard.Id(8)}\"]').textContent")).GetString()!;
        Assert.Equal("Reopening 0008 backend lost invocations ×9 last 9.0 ms", name);
    }

    [Fact]
    public async Task A_phone_needs_no_sideways_scrolling_and_hits_every_button()
    {
        Page page = await OpenAsync("dark");
        await page.SetViewportAsync(360, 740, phone: true, scale: 2);
        await page.UseTouchAsync();
        await page.GoToAsync(_stage.Url);
        await page.WaitForAsync("document.querySelectorAll('.cell').length === 10");
        await page.ClickAsync(".cell:nth-child(4)");
        await page.WaitForAsync("!document.getElementById('inspector').hidden");
        Assert.Equal(360, (await page.EvaluateAsync("document.documentElement.scrollWidth")).GetInt32());
        JsonElement small = await page.EvaluateAsync(
            """
            [...document.querySelectorAll('button, select, input, .cell')].filter((e) => e.checkVisibility())
              .filter((e) => e.getBoundingClientRect().height < 43.5 || e.getBoundingClientRect().width < 43.5).map((e) => e.outerHTML.slice(0, 80))
            """);
        Assert.Equal([], small.EnumerateArray().Select(static element => element.GetString()));
    }

    [Fact]
    public async Task The_scheme_is_the_system_s_or_the_chosen_one_which_is_remembered()
    {
        Page page = await OpenAsync("light");
        string light = await BackgroundAsync(page);
        await page.PreferAsync(("prefers-color-scheme", "dark"));
        string dark = await BackgroundAsync(page);
        Assert.NotEqual(light, dark);
        await page.PreferAsync(("prefers-color-scheme", "light"));
        await page.ClickAsync("#theme");
        Assert.Equal("Theme: dark", await page.TextAsync("#theme"));
        Assert.Equal(dark, await BackgroundAsync(page));
        await page.GoToAsync(_stage.Url);
        await page.WaitForAsync("document.getElementById('theme').textContent === 'Theme: dark'");
        Assert.Equal(dark, await BackgroundAsync(page));
    }

    [Fact]
    public async Task Who_wants_less_motion_gets_none()
    {
        const string Transition = "getComputedStyle(document.getElementById('theme')).transitionDuration";
        Page page = await OpenAsync("dark");
        Assert.NotEqual("0s", (await page.EvaluateAsync(Transition)).GetString());
        await page.PreferAsync(("prefers-reduced-motion", "reduce"));
        Assert.Equal("0s", (await page.EvaluateAsync(Transition)).GetString());
    }

    [Fact]
    public async Task What_a_function_writes_is_shown_as_text()
    {
        const string Hostile = "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>";
        Page page = await OpenAsync("dark");
        await page.EvaluateAsync("document.getElementById('log-filter').value = 'all'; document.getElementById('log-filter').dispatchEvent(new Event('change'))");
        _stage.Log(3, LogSource.StandardOutput, Hostile);
        _clock.Advance(FleetFeed.Interval);
        await page.WaitForAsync($"[...document.querySelectorAll('#log-lines .text')].some((e) => e.textContent === {Page.Quote(Hostile)})");
        Assert.Equal("Lambda emulator", (await page.EvaluateAsync("document.title")).GetString());
        Assert.Equal(0, (await page.EvaluateAsync("document.querySelectorAll('#log-lines img, #log-lines script').length")).GetInt32());
        // And no script could do otherwise, if it wanted to.
        Assert.Equal("TypeError", (await page.EvaluateAsync("try { document.body.innerHTML = '<b>x</b>'; 'none' } catch (error) { error.name }")).GetString());
    }

    [Fact]
    public async Task Three_hundred_environments_that_change_all_the_time_are_shown_as_they_change()
    {
        for (int i = 0; i < 300; i++) _stage.Show(i, EnvironmentState.Frozen, 0);
        Page page = await OpenAsync("dark");
        await page.WaitForAsync("document.querySelectorAll('.cell').length === 300");
        await page.EvaluateAsync(
            "window.frames_ = 0; (function count() { window.frames_++; requestAnimationFrame(count); })(); undefined");
        for (int round = 1; round <= 30; round++)
        {
            for (int i = 0; i < 300; i++) _stage.Show(i, round % 2 == 0 ? EnvironmentState.Frozen : EnvironmentState.Busy, round);
            _clock.Advance(FleetFeed.Interval);
            string wanted = $"×{round}";
            await page.WaitForAsync(
                $"document.querySelector('.cell:first-child').textContent.includes('{wanted}') && document.querySelector('.cell:last-child').textContent.includes('{wanted}')");
        }
        // Between any two changes the page had time for a picture.
        Assert.True((await page.EvaluateAsync("window.frames_")).GetInt32() >= 30);
        Assert.Empty(page.Errors);
    }

    private async Task<Page> OpenAsync(string scheme)
    {
        Page page = await browser.NewPageAsync();
        await page.PreferAsync(("prefers-color-scheme", scheme));
        await page.GoToAsync(_stage.Url);
        await page.WaitForAsync("document.querySelectorAll('.cell').length >= 10 && document.getElementById('link').dataset.state === 'live'");
        await page.ClickAsync(".cell:nth-child(4)");
        await page.WaitForAsync("!document.getElementById('inspector').hidden");
        return page;
    }

    private static async Task<string> BackgroundAsync(Page page) =>
        (await page.EvaluateAsync("getComputedStyle(document.body.parentElement).backgroundColor")).GetString()!;
}
