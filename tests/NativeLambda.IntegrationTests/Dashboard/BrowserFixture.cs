using NativeLambda.IntegrationTests.Dashboard.Browsing;

namespace NativeLambda.IntegrationTests.Dashboard;

/// <summary>One browser for the tests of a class, started when the first asks.</summary>
public sealed class BrowserFixture : IAsyncDisposable
{
    private Task<Chromium>? _browser;

    /// <summary>A page of its own at an address; the test is skipped where there is no browser.</summary>
    internal async Task<Page> OpenAsync(Uri address)
    {
        Page page = await NewPageAsync();
        await page.GoToAsync(address);
        await page.WaitForAsync("document.getElementById('link').dataset.state === 'live' && document.getElementById('facts').textContent !== ''");
        return page;
    }

    internal async Task<Page> NewPageAsync()
    {
        _browser ??= Chromium.StartAsync();
        return await (await _browser).OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        // Not where there is none, nor where it did not start.
        if (_browser is { IsFaulted: false }) await (await _browser).DisposeAsync();
    }
}
