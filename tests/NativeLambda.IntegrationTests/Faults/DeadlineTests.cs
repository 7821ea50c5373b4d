using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Faults;

/// <summary>A statement would run past the deadline of the invocation.</summary>
public sealed class DeadlineTests(PostgresFixture postgres, BootstrapFixture bootstrap)
{
    [Fact]
    public async Task A_read_is_cancelled_at_the_server_and_its_caller_told_before_the_deadline()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        await using FrozenFunction function = await StartAsync(database);
        await using (BlockedStatements blocked = await BlockedStatements.OnTableAsync(database))
        {
            AssertCancelled(await function.InvokeHttpAsync("GET", "/products"));
            await function.WhileFrozenAsync(blocked.WaitForNoneAsync);
        }

        await AssertLivesOnAsync(function);
    }

    [Fact]
    public async Task A_write_is_cancelled_and_does_not_happen_later()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        await using FrozenFunction function = await StartAsync(database);
        await using (BlockedStatements blocked = await BlockedStatements.OnRowsAsync(database))
        {
            AssertCancelled(await Movements.MoveAsync(function));
            await function.WhileFrozenAsync(blocked.WaitForNoneAsync);
        }

        await Movements.AssertAsync(database, count: 0);
        await AssertLivesOnAsync(function);
        Assert.Equal(201, (await Movements.MoveAsync(function)).Status);
        await Movements.AssertAsync(database, count: 1);
    }

    private async Task<FrozenFunction> StartAsync(TestDatabase database)
    {
        FrozenFunction function = await FrozenFunction.StartAsync(
            bootstrap, database.EnvironmentVariables(), Deadlines.Near, Deadlines.Margin);
        await FaultRounds.CreateProductAsync(function);
        await function.WaitUntilFrozenAsync();
        return function;
    }

    private static void AssertCancelled(FunctionAnswer answer)
    {
        answer.Problem(504);
        Assert.True(answer.Took < Deadlines.Near, $"it took {answer.Took}");
    }

    private static async Task AssertLivesOnAsync(FrozenFunction function)
    {
        Assert.Equal(200, (await function.InvokeHttpAsync("GET", "/products")).Status);
        await function.WaitUntilFrozenAsync();
        Assert.Contains("cancelled before the deadline", Assert.Single(function.Troubles), StringComparison.Ordinal);
    }
}
