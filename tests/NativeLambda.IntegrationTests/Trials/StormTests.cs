using NativeLambda.IntegrationTests.Fixtures;
using NativeLambda.Trials.Storm;

namespace NativeLambda.IntegrationTests.Trials;

/// <summary>A small storm (F22): twice as many environments as the server has slots, frozen with their connections after each wave.</summary>
public sealed class StormTests(BootstrapFixture bootstrap)
{
    private const int Environments = 40;
    private const int Waves = 2;

    [Fact]
    public async Task Twice_as_many_environments_as_slots_answer_every_request_and_write_every_row_once()
    {
        var options = new StormOptions
        {
            Environments = Environments,
            MaxConnections = 20,
            Waves = Waves,
            Timeout = TimeSpan.FromSeconds(10),
            Schema = Repository.Schema,
        };
        var contender = new Contender("bootstrap", await bootstrap.GetPathAsync(), new Dictionary<string, string>(), IsOurs: true);
        using var guard = new CancellationTokenSource(TimeSpan.FromMinutes(2), TimeProvider.System);
        StormResult result = await new StormRun(options, contender, new NoView(), TimeProvider.System).RunAsync(guard.Token);

        Assert.Equal([("200", Environments), ("201", Environments)], result.Statuses.OrderBy(static status => status.Label));
        Assert.Equal((Environments, 0, 0), (result.Ledger.Acknowledged, result.Ledger.Lost, result.Ledger.Doubled));
        Assert.True(result.Ledger.StockIsSum);

        // It was a storm: some were refused at first, and got in because others had left their slots.
        Assert.True(result.Server.Refusals > 0, "the server refused nobody");
        Assert.InRange(result.PeakBackends, 1, options.MaxConnections - 3);
        Assert.True(result.Server.Opens > options.MaxConnections, $"only {result.Server.Opens} sessions were opened");
        Assert.True(result.Log.Releases + result.Server.IdleDisconnects > 0, "nobody left a slot");
    }

    /// <summary>Nobody watches.</summary>
    private sealed class NoView : IStormView
    {
        public void Show(StormProgress progress)
        {
        }

        public void Say(string line)
        {
        }
    }
}
