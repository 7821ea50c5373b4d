using System.Text.Json;
using NativeLambda.Benchmarks.Contenders;
using NativeLambda.Benchmarks.Measuring;
using NativeLambda.Benchmarks.Profiling;
using NativeLambda.Benchmarks.Reporting;
using NativeLambda.Benchmarks.Running;

namespace NativeLambda.Tests.Benchmarks;

/// <summary>Goals, tables, JSON and charts of a run that is made up.</summary>
public sealed class BenchReportTests
{
    private readonly Measurements _results = new();

    [Fact]
    public void A_goal_is_held_missed_or_not_measured_by_the_medians()
    {
        Add(BenchReport.Ours, Metrics.ColdWall, 17, 18, 19);
        Add("c-libpq", Metrics.ColdWall, 20, 21, 22);
        Add("go-pgx", Metrics.ColdWall, 23, 24, 25);
        Add(BenchReport.Ours, Metrics.ColdCpu, 12, 12, 12);
        Add("c-libpq", Metrics.ColdCpu, 10, 10, 10);

        IReadOnlyList<Goal> goals = Goals.Of(Report());

        Assert.Equal("held", goals[0].Mark);
        Assert.StartsWith("18.0 against 21.0 (C, libpq): 0.86 times", goals[0].Measured, StringComparison.Ordinal);
        Assert.Equal("**missed**", goals[1].Mark);
        Assert.Equal("not measured", goals[2].Mark);
    }

    [Fact]
    public void The_same_binary_twice_must_not_differ()
    {
        Add(BenchReport.Ours, Metrics.ColdWall, [.. Enumerable.Range(0, 40).Select(static i => 20 + (i % 7 * 0.1))]);
        Add(BenchReport.Again, Metrics.ColdWall, [.. Enumerable.Range(0, 40).Select(static i => 25 + (i % 7 * 0.1))]);
        Assert.Contains(Goals.Of(Report()), static goal => goal is { IsMet: false } && goal.What.Contains("a second time does not differ", StringComparison.Ordinal));
    }

    [Fact]
    public void The_tables_show_the_floor_first_then_the_fastest_and_ours_in_bold()
    {
        Add(BenchReport.Ours, Metrics.ColdWall, 18);
        Add("c-libpq", Metrics.ColdWall, 12);
        Add("floor-tls", Metrics.ColdWall, 15);
        string[] lines = MarkdownReport.Results(Report()).Split('\n');
        string[] names = [.. lines.SkipWhile(static line => line != "### Cold start").Skip(4).TakeWhile(static line => line.StartsWith('|')).Select(static line => line.Split('|')[1].Trim())];

        Assert.Equal(["Floor: TLS", "C, libpq", "**NativeLambda**"], names[..3]);
    }

    [Fact]
    public void Who_took_no_part_is_named_with_the_reason()
    {
        _results.Fail("Go, pgx", "count", "valgrind\ndoes not know it");

        string text = MarkdownReport.Results(Report());

        Assert.Contains("- Rust (rust) took no part: cargo is missing", text, StringComparison.Ordinal);
        Assert.Contains("- Go, pgx was not measured (count): valgrind does not know it", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_JSON_holds_every_sample_in_its_order()
    {
        Add(BenchReport.Ours, Metrics.ColdWall, 3, 1, 2);
        using JsonDocument json = JsonDocument.Parse(BenchJson.Write(Report()));

        JsonElement wall = json.RootElement.GetProperty("functions")[0].GetProperty("metrics").GetProperty(Metrics.ColdWall);
        Assert.Equal(2, wall.GetProperty("median").GetDouble());
        Assert.Equal([3, 1, 2], wall.GetProperty("samples").EnumerateArray().Select(static sample => sample.GetDouble()));
        Assert.Equal("nobody", json.RootElement.GetProperty("machine").GetProperty("processor").GetString());
    }

    [Fact]
    public void Charts_are_drawn_of_what_was_measured_only()
    {
        Assert.Empty(BenchCharts.Draw(Report()));
        Add(BenchReport.Ours, Metrics.ColdWall, 18, 19, 20);
        Add(BenchReport.Ours, Metrics.Network(TimeSpan.Zero), 18);
        Add(BenchReport.Ours, Metrics.Network(TimeSpan.FromMilliseconds(5)), 48);

        IReadOnlyList<(string File, string Svg)> charts = BenchCharts.Draw(Report());

        Assert.Equal(["cold-start.svg", "network.svg"], charts.Select(static chart => chart.File));
        Assert.All(charts, static chart => System.Xml.Linq.XDocument.Parse(chart.Svg));
        Assert.All(charts, static chart => Assert.Contains("NativeLambda", chart.Svg, StringComparison.Ordinal));
        Assert.All(charts, static chart => Assert.DoesNotContain("NaN", chart.Svg, StringComparison.Ordinal));
    }

    private void Add(string contender, string metric, params ReadOnlySpan<double> samples)
    {
        foreach (double sample in samples) _results.Add(contender, metric, sample);
    }

    private BenchReport Report() => new(
        new MachineFacts
        {
            Date = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
            Commit = "0123456",
            Processor = "nobody",
            Cores = 2,
            MemoryMb = 1024,
            System = "Linux",
            Kernel = "6",
            Postgres = "postgres 15",
            Load = 0,
        },
        BenchOptions.Quick(seed: 1),
        IsQuick: true,
        [
            Contender(BenchReport.Ours, "NativeLambda", "C#", PeerKind.Ours), Contender(BenchReport.Again, "again", "C#", PeerKind.Self),
            Contender("c-libpq", "C, libpq", "C", PeerKind.Peer), Contender("go-pgx", "Go, pgx", "Go", PeerKind.Peer),
            Contender("floor-tls", "Floor: TLS", "C", PeerKind.Floor),
        ],
        [new Absentee("rust", "Rust", "cargo is missing")],
        _results,
        new Dictionary<string, IReadOnlyList<string>>(),
        new CallgrindProfile(100, [new CallgrindFunction("libc.so.6", "malloc", 60, 60)]),
        Trace: null);

    private static Contender Contender(string key, string title, string language, PeerKind kind) => new()
    {
        Key = key,
        Manifest = new PeerManifest { Title = title, Language = language, Client = "none", Kind = kind },
        Program = new FunctionProgram { Bootstrap = "/bootstrap" },
        Size = new PackageSize(1_000_000, 500_000),
    };
}
