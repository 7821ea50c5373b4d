using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Faults;

/// <summary>The backend is terminated while the environment is frozen.</summary>
public sealed class TerminatedBackendTests(PostgresFixture postgres, BootstrapFixture bootstrap)
{
    [Fact]
    public async Task A_hundred_of_a_hundred_next_invocations_answer_on_a_new_backend()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        await using FrozenFunction function = await FrozenFunction.StartAsync(bootstrap, database.EnvironmentVariables());
        await FaultRounds.CreateProductAsync(function);
        await FaultRounds.AssertReopenedAsync(function, rounds: 100, () => TerminateAsync(database));
    }

    [Fact]
    public async Task So_does_the_first_invocation_when_it_happens_between_Init_and_that()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        await using FrozenFunction function = await FrozenFunction.StartAsync(bootstrap, database.EnvironmentVariables());
        await function.WhileFrozenAsync(() => TerminateAsync(database));
        ConnectionView facts = await function.GetConnectionFactsAsync();
        Assert.Equal("reopened", facts.Check);
        Assert.Equal(2, facts.Opens);
        Assert.Equal(1, facts.Invocations);
        await function.WaitUntilFrozenAsync();
        Assert.Empty(function.Troubles);
    }

    private static async Task TerminateAsync(TestDatabase database) => Assert.Equal(1, await database.TerminateBackendsAsync());
}
