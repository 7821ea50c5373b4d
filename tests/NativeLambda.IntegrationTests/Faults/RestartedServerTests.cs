using NativeLambda.Emulator.Postgres;
using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Faults;

/// <summary>The server is restarted while the environments are frozen.</summary>
public sealed class RestartedServerTests(BootstrapFixture bootstrap)
{
    [Fact]
    public async Task A_hundred_of_a_hundred_next_invocations_answer_on_a_new_backend()
    {
        const int Environments = 10;
        PostgresShutdownMode[] restarts = [.. Enumerable.Range(0, 10).Select(i => i % 4 < 2 ? PostgresShutdownMode.Fast : PostgresShutdownMode.Immediate)];
        await using PostgresServer server = await PostgresFixture.StartServerAsync();
        await using FrozenFleet fleet = await FrozenFleet.StartAsync(Environments, bootstrap, server.EnvironmentVariables);
        await FaultRounds.CreateProductAsync(fleet.Functions[0]);

        // Both statements meet both ways to stop.
        for (int i = 0; i < restarts.Length; i++)
        {
            await fleet.WhileFrozenAsync(() => server.RestartAsync(restarts[i]));
            if (i % 2 == 0)
            {
                FunctionAnswer[] answers = await fleet.EachAsync(function => function.InvokeHttpAsync("GET", FaultRounds.Product));
                Assert.All(answers, answer => Assert.Equal(200, answer.Status));
                continue;
            }

            ConnectionView[] facts = await fleet.EachAsync(function => function.GetConnectionFactsAsync());
            Assert.All(facts, fact => Assert.Equal(("reopened", 1, i + 2), (fact.Check, fact.ReusedFor, fact.Opens)));
            Assert.Equal(Environments, facts.Select(fact => fact.BackendPid).Distinct().Count());
        }

        await fleet.EachAsync(function => function.WaitUntilFrozenAsync());
        Assert.All(fleet.Functions, function => Assert.Empty(function.Troubles));
        Assert.All(fleet.Functions, function => Assert.Equal(restarts.Length, FaultRounds.Replacements(function)));
    }
}
