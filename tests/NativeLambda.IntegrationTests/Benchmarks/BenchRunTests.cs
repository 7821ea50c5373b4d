using NativeLambda.Benchmarks.Contenders;
using NativeLambda.Benchmarks.Measuring;
using NativeLambda.Benchmarks.Reporting;
using NativeLambda.Benchmarks.Running;
using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Benchmarks;

/// <summary>A small run of the benchmark: a sample of everything, with the real binary.</summary>
public sealed class BenchRunTests(BootstrapFixture bootstrap)
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    private static readonly BenchOptions Small = new()
    {
        Seed = 1,
        Samples = 2,
        WarmProcesses = 1,
        WarmInvocations = 20,
        WarmUp = 2,
        FleetSize = 2,
        FleetRounds = 1,
        FleetTime = TimeSpan.FromMilliseconds(50),
        ThawProcesses = 1,
        Gaps = [TimeSpan.FromMilliseconds(100)],
        Delays = [TimeSpan.Zero, TimeSpan.FromMilliseconds(20)],
        DelaySamples = 1,
        MemorySizes = [1769],
        MemorySamples = 1,
    };

    [Fact]
    public async Task A_run_measures_who_answers_alike_and_leaves_no_process_behind()
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        await using BenchServer server = await BenchServer.StartAsync(Repository.Schema, cancellationToken);
        Contender ours = Ours(await bootstrap.GetPathAsync(), server);
        Contender lost = Variant.Parse("lost,PGDATABASE=nowhere").Apply(ours);
        ISection[] sections = [.. BenchRun.Sections(Small).Where(static section => section.Name is not ("count" or "trace"))];
        var view = new RecordedView();

        Measurements results = await new BenchRun(Small, server, view, TimeProvider.System).RunAsync([ours, lost], sections, cancellationToken);

        Assert.Equal(["lost"], results.Failures.Where(static failure => failure.Section == "answers").Select(static failure => failure.Title));
        Assert.Empty(results.MetricsOf(lost.Key));
        // Where this machine lets nobody limit the CPU, that is the reason of the only failure beside.
        Assert.All(results.Failures.Where(static failure => failure.Section != "answers"), static failure => Assert.Equal("memory", failure.Section));
        Assert.All(
            new[] { Metrics.ColdWall, Metrics.ColdCpu, Metrics.WarmP50, Metrics.FleetRate, Metrics.ThawOverMaxIdle, Metrics.Part(TimeLine.Authentication) },
            metric => Assert.True(results[ours.Key, metric]?.Median > 0, metric));
        // Six flights at least, and TCP's own.
        Assert.True(results[ours.Key, Metrics.Network(TimeSpan.FromMilliseconds(20))]!.Median > 120);
        if (results.Failures.Count == 1) Assert.Equal(view.Announced, view.Steps);
        while (await server.CountSessionsAsync(cancellationToken).WaitAsync(Guard, TimeProvider.System, cancellationToken) > 0)
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
    }

    private static Contender Ours(string file, BenchServer server) => new()
    {
        Key = BenchReport.Ours,
        Manifest = new PeerManifest { Title = "ours", Language = "C#", Client = "Npgsql", Kind = PeerKind.Ours },
        Program = new FunctionProgram { Bootstrap = file, Variables = server.VariablesFor(ServerNeeds.Of(BenchReport.Ours)) },
        Size = PackageSize.Of(Path.GetDirectoryName(file)!, [file]),
    };

    private sealed class RecordedView : IBenchView
    {
        public int Announced { get; private set; }

        public int Steps { get; private set; }

        public void Begin(int steps) => Announced = steps;

        public void Step(string section, string contender) => Steps++;

        public void Say(string line) => TestContext.Current.TestOutputHelper!.WriteLine(line);
    }
}
