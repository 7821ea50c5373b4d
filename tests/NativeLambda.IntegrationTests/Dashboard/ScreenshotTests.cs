using NativeLambda.IntegrationTests.Dashboard.Browsing;
using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Dashboard;

/// <summary>Makes the picture in the documents, of real environments under load and faults; by hand, for it takes its time.</summary>
public sealed class ScreenshotTests(BootstrapFixture bootstrap, BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private const string PathVariable = "NATIVELAMBDA_SCREENSHOT";

    [Fact]
    public async Task The_picture_of_the_documents_is_made_again()
    {
        string? path = Environment.GetEnvironmentVariable(PathVariable);
        Assert.SkipWhen(path is null, $"{PathVariable} names no file: set it to docs/dashboard.png to make the picture again.");
        await using DatabaseStage stage = await DatabaseStage.StartAsync(bootstrap, environments: 60);
        Page page = await browser.NewPageAsync();
        await page.PreferAsync(("prefers-color-scheme", "dark"));
        await page.SetViewportAsync(1280, 1010);
        await page.GoToAsync(stage.Lambda.DashboardUrl!);

        // A minute in the life of a fleet: two bursts, a terminated backend here and there, a restart, some load between.
        await LoadAsync(stage, 16, TimeSpan.FromSeconds(12));
        await stage.Dashboard.PostOkAsync("/api/database/terminate");
        await LoadAsync(stage, 10, TimeSpan.FromSeconds(12));
        await stage.Dashboard.PostOkAsync("/api/invoke/burst", $$"""{"count":20,"payload":{{DatabaseStage.GetConnection}}}""");
        await LoadAsync(stage, 6, TimeSpan.FromSeconds(14));
        await stage.Dashboard.PostOkAsync("/api/database/restart");
        await LoadAsync(stage, 12, TimeSpan.FromSeconds(16));
        await page.ClickAsync(".cell:nth-child(2)");
        // More than there are: some of them begin. Then one is killed, one has lost its backend, one is thawed.
        string body = $$"""{"count":{{stage.Lambda.Environments.Count + 4}},"payload":{{DatabaseStage.GetConnection}}}""";
        await stage.Dashboard.PostOkAsync("/api/invoke/burst", body);
        await stage.Dashboard.PostOkAsync($"/api/environments/{stage.Lambda.Environments[^1].Id}/kill");
        await stage.Dashboard.PostOkAsync("/api/database/terminate", $$"""{"environment":"{{stage.Lambda.Environments[0].Id}}"}""");
        await stage.Dashboard.PostOkAsync($"/api/environments/{stage.Lambda.Environments[5].Id}/thaw");
        Task load = LoadAsync(stage, 6, TimeSpan.FromSeconds(2));
        await page.WaitForAsync("document.querySelectorAll('.cell[data-phase=dead]').length > 0");
        byte[] picture = await page.ScreenshotAsync();
        await load;
        await File.WriteAllBytesAsync(path!, picture);
        Assert.True(picture.Length < 300_000, $"{picture.Length} bytes are too many for the repository");
    }

    private static async Task LoadAsync(DatabaseStage stage, int most, TimeSpan duration)
    {
        long start = TimeProvider.System.GetTimestamp();
        for (int round = 0; TimeProvider.System.GetElapsedTime(start) < duration; round++)
        {
            string body = $$"""{"count":{{1 + round * 7 % most}},"payload":{{DatabaseStage.GetConnection}}}""";
            await stage.Dashboard.PostOkAsync("/api/invoke/burst", body);
            await Task.Delay(TimeSpan.FromMilliseconds(100 + round * 37 % 300), TimeProvider.System);
        }
    }
}
