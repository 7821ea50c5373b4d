using System.Globalization;
using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Faults;

/// <summary>The network forgets the flow while the environment is frozen: nothing arrives any more, and nobody is told.</summary>
public sealed class SilentDropTests(PostgresFixture postgres, BootstrapFixture bootstrap)
{
    [Fact]
    public async Task A_ping_finds_it_and_the_next_invocation_answers_on_a_new_backend_long_before_the_deadline()
    {
        const int Environments = 5, Rounds = 8;
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        await using var proxy = new FaultProxy(database.Server);
        await using FrozenFleet fleet = await FrozenFleet.StartAsync(
            Environments, bootstrap, database.EnvironmentVariables(proxy), settings: [Deadlines.PingAlways]);
        await FaultRounds.CreateProductAsync(fleet.Functions[0]);
        await fleet.EachAsync(function => function.GetConnectionFactsAsync());
        var durations = new List<TimeSpan>();
        for (int round = 0; round < Rounds; round++)
        {
            await DropAsync(fleet, proxy);
            FunctionAnswer[] answers = await fleet.EachAsync(function => function.InvokeHttpAsync("GET", FaultRounds.Product));
            Assert.All(answers, answer => Assert.Equal(200, answer.Status));
            durations.AddRange(answers.Select(answer => answer.Took));

            await DropAsync(fleet, proxy);
            ConnectionView[] facts = await fleet.EachAsync(function => function.GetConnectionFactsAsync());
            Assert.All(facts, fact => Assert.Equal(("reopened", 1, 3 + (2 * round)), (fact.Check, fact.ReusedFor, fact.Opens)));
        }

        // Without a check a statement would wait for its answer until the deadline.
        Assert.All(durations, duration => Assert.True(duration < fleet.Functions[0].Timeout / 2, $"it took {duration}"));
        await fleet.EachAsync(function => function.WaitUntilFrozenAsync());
        Assert.All(fleet.Functions, function => Assert.Empty(function.Troubles));
        Assert.All(fleet.Functions, function => Assert.Equal(
            2 * Rounds, function.Log.Count(record => record.Message.Contains("no answer to the ping", StringComparison.Ordinal))));
        durations.Sort();
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{durations.Count} answers: p50 {durations[durations.Count / 2].TotalMilliseconds:F0} ms, p99 {durations[durations.Count * 99 / 100].TotalMilliseconds:F0} ms"));
    }

    [Fact]
    public async Task Within_PingAfter_it_costs_one_invocation_which_is_told_before_its_deadline()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        await using var proxy = new FaultProxy(database.Server);
        await using FrozenFunction function = await FrozenFunction.StartAsync(
            bootstrap, database.EnvironmentVariables(proxy), Deadlines.Near, Deadlines.PingNever, Deadlines.Margin);
        await FaultRounds.CreateProductAsync(function);
        await function.WhileFrozenAsync(proxy.SwallowLiveConnections);
        FunctionAnswer answer = await function.InvokeHttpAsync("GET", FaultRounds.Product);
        answer.Problem(504);
        Assert.True(answer.Took < Deadlines.Near, $"it took {answer.Took}");
        ConnectionView facts = await function.GetConnectionFactsAsync();
        Assert.Equal(("reopened", 2), (facts.Check, facts.Opens));
        Assert.Equal(200, (await function.InvokeHttpAsync("GET", FaultRounds.Product)).Status);
    }

    private static async Task DropAsync(FrozenFleet fleet, FaultProxy proxy)
    {
        ProxiedConnection[] dropped = [.. proxy.Connections.Where(connection => connection.Mode == ProxyMode.Swallow)];
        await fleet.WhileFrozenAsync(() =>
        {
            proxy.SwallowLiveConnections();
            return Task.CompletedTask;
        });
        // Those of the rounds before have served: their backends need not stay.
        foreach (ProxiedConnection connection in dropped)
            connection.Reset();
    }
}
