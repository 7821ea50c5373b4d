using System.Text.Json;
using System.Text.RegularExpressions;
using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Deploy;

/// <summary>The dashboard shows the metrics that there are, in both ways of deploying it.</summary>
public sealed partial class MetricsDashboardTests
{
    private static readonly string[] OfTheFunction = ["ConnectionOpens", "Evictions", "HandlerErrors", "OpenDuration", "ReopensByCause", "ThawGap"];

    private static readonly string Text = File.ReadAllText(Path.Combine(Repository.Root, "deploy", "dashboard", "nativelambda.json"));

    [Fact]
    public void The_template_holds_the_very_dashboard()
    {
        string template = File.ReadAllText(InfrastructureCheck.Template);
        string indented = string.Concat(Text.TrimEnd().Split('\n').Select(line => $"          {line}\n"));
        Assert.Contains($"      DashboardBody: !Sub\n        - |\n{indented}        - Region:", template, StringComparison.Ordinal);
        Assert.Equal(["DBInstanceIdentifier", "FunctionName", "LogGroup", "MaxConnections", "Region"], PlaceholderPattern().Matches(Text).Select(match => match.Groups[1].Value).Distinct().Order());
    }

    [Fact]
    public void Its_widgets_fill_rows_of_twenty_four_without_overlap_and_show_every_metric_of_the_function()
    {
        using JsonDocument dashboard = Filled();
        var taken = new HashSet<(int X, int Y)>();
        foreach (JsonElement widget in dashboard.RootElement.GetProperty("widgets").EnumerateArray())
        {
            int Of(string name) => widget.GetProperty(name).GetInt32();
            Assert.InRange(Of("x") + Of("width"), 1, 24);
            for (int x = Of("x"); x < Of("x") + Of("width"); x++)
                for (int y = Of("y"); y < Of("y") + Of("height"); y++)
                    Assert.True(taken.Add((x, y)), $"two widgets at {x}, {y}");
            Assert.Equal("eu-central-1", widget.GetProperty("properties").GetProperty("region").GetString());
        }

        string text = dashboard.RootElement.GetRawText();
        foreach (string metric in OfTheFunction)
            Assert.Contains(metric, text, StringComparison.Ordinal);
    }

    [Fact]
    public void Alarms_watch_only_metrics_of_the_function_that_there_are()
    {
        string template = File.ReadAllText(InfrastructureCheck.Template);
        string module = File.ReadAllText(Path.Combine(InfrastructureCheck.Module, "alarms.tf"));
        string[] inTemplate = [.. TemplateMetricPattern().Matches(template).Select(match => match.Groups[1].Value).Order()];
        string[] inModule = [.. ModuleMetricPattern().Matches(module).Select(match => match.Groups[1].Value).Order()];
        Assert.NotEmpty(inTemplate);
        Assert.Equal(inTemplate, inModule);
        Assert.Empty(inTemplate.Except(OfTheFunction));
    }

    [Fact]
    public void The_library_writes_the_metrics_or_the_document_says_that_it_does_not_yet()
    {
        string source = string.Concat(Directory.GetFiles(Path.Combine(Repository.Root, "src", "NativeLambda"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText));
        string document = File.ReadAllText(Path.Combine(Repository.Root, "docs", "infrastructure.md"));
        bool isWritten = source.Contains("CloudWatchMetrics", StringComparison.Ordinal);
        Assert.NotEqual(isWritten, document.Contains("The library does not write these yet", StringComparison.Ordinal));
        Assert.SkipUnless(isWritten, "the library writes no metrics yet");
        foreach (string name in OfTheFunction.Append("Cause").Append("FunctionName"))
            Assert.Contains($"\"{name}\"", source, StringComparison.Ordinal);
    }

    private static JsonDocument Filled() => JsonDocument.Parse(PlaceholderPattern().Replace(Text, match => match.Groups[1].Value switch
    {
        "Region" => "eu-central-1",
        "MaxConnections" => "100",
        string name => name,
    }));

    [GeneratedRegex(@"\$\{(\w+)\}")]
    private static partial Regex PlaceholderPattern();

    [GeneratedRegex(@"Namespace: NativeLambda\n\s+MetricName: (\w+)")]
    private static partial Regex TemplateMetricPattern();

    [GeneratedRegex("namespace += \"NativeLambda\", metric = \"(\\w+)\"")]
    private static partial Regex ModuleMetricPattern();
}
