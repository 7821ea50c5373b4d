using System.Text.Json;

namespace NativeLambda.IntegrationTests.Dashboard.Browsing;

/// <summary>axe-core, over a page as it is.</summary>
internal static class AccessibilityCheck
{
    /// <summary>The path of axe-core's script, which build/test sets where it can be had.</summary>
    private const string Variable = "NATIVELAMBDA_AXE";

    /// <summary>It finds nothing wrong, and looks at enough; the test is skipped where it cannot be had.</summary>
    public static async Task FindsNothingAsync(Page page, int atLeast)
    {
        string? axe = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(axe is null, $"{Variable} names no script of axe-core: build/test installs it from npm.");
        await page.EvaluateAsync(await File.ReadAllTextAsync(axe!) + ";undefined");
        JsonElement result = await page.EvaluateAsync("axe.run(document, { resultTypes: ['violations', 'passes'] })");
        Assert.Equal(
            [],
            result.GetProperty("violations").EnumerateArray()
                .Select(static violation => $"{violation.GetProperty("id")}: {violation.GetProperty("nodes")[0].GetProperty("failureSummary")}"));
        Assert.True(result.GetProperty("passes").GetArrayLength() >= atLeast);
    }
}
