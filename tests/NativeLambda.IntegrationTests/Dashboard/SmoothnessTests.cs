using System.Text.Json;
using NativeLambda.Emulator.Dashboard.Feed;
using NativeLambda.Emulator.Environments;
using NativeLambda.IntegrationTests.Dashboard.Browsing;

namespace NativeLambda.IntegrationTests.Dashboard;

/// <summary>What the page costs the browser with 300 environments; by hand, for it is a figure and takes its time.</summary>
public sealed class SmoothnessTests(BrowserFixture browser, ITestOutputHelper output) : IClassFixture<BrowserFixture>
{
    private const string Variable = "NATIVELAMBDA_DASHBOARD_FIGURES";
    private const int Environments = 300;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(10);

    /// <param name="changing">How many environments change in each beat of the feed.</param>
    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    [InlineData(300)]
    public async Task The_figures_of_the_documents_are_taken_again(int changing)
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable(Variable) is null, $"{Variable} is not set: set it to 1 to take the figures again.");
        await using StagedDashboard stage = await StagedDashboard.StartAsync();
        for (int i = 0; i < Environments; i++) stage.Show(i, EnvironmentState.Frozen);
        Page page = await browser.OpenAsync(stage.Url);
        await page.WaitForAsync($"document.querySelectorAll('.cell').length === {Environments}");
        await page.EvaluateAsync(
            """
            window.longest = 0;
            window.frames = 0;
            new PerformanceObserver((list) => { for (const task of list.getEntries()) window.longest = Math.max(window.longest, task.duration); })
              .observe({ type: 'longtask' });
            const count = () => { window.frames++; requestAnimationFrame(count); };
            requestAnimationFrame(count);
            """);

        IReadOnlyDictionary<string, double> before = await page.MeasureAsync();
        long start = TimeProvider.System.GetTimestamp();
        int beats = 0;
        using (var timer = new PeriodicTimer(FleetFeed.Interval, TimeProvider.System))
            while (TimeProvider.System.GetElapsedTime(start) < Duration && await timer.WaitForNextTickAsync())
            {
                beats++;
                for (int i = 0; i < changing; i++)
                    stage.Show(
                        (beats * changing + i) % Environments,
                        beats * changing / Environments % 2 == 0 ? EnvironmentState.Busy : EnvironmentState.Frozen, beats);
            }
        IReadOnlyDictionary<string, double> after = await page.MeasureAsync();
        double seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        JsonElement seen = await page.EvaluateAsync("({ longest: window.longest, frames: window.frames })");

        string Share(string name) => $"{100 * (after[name] - before[name]) / seconds:0.0} %";
        double longest = seen.GetProperty("longest").GetDouble();
        output.WriteLine(
            $"{changing} of {Environments} change {beats / seconds:0.0} times a second: main thread {Share("TaskDuration")} of a processor "
            + $"(script {Share("ScriptDuration")}, layout {Share("LayoutDuration")}, style {Share("RecalcStyleDuration")}), "
            + $"{seen.GetProperty("frames").GetInt32() / seconds:0} frames a second, longest task {(longest == 0 ? "below 50" : $"{longest:0}")} ms");
        // It has really shown what happened.
        if (changing > 0) await page.WaitForAsync($"document.getElementById('environments').textContent.includes('×{beats}')");
        Assert.Empty(page.Errors);
    }
}
