using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Faults;

/// <summary>The connection is lost while a write runs: before it was committed, or after, when only the answer is missing.</summary>
public sealed class LostInWriteTests(PostgresFixture postgres, BootstrapFixture bootstrap)
{
    private static readonly (string Name, string Value) Key = ("idempotency-key", "k1");

    [Fact]
    public async Task Killed_before_its_commit_it_is_not_run_again_and_the_caller_is_told_that_the_outcome_is_unknown()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        await using FrozenFunction function = await StartAsync(database, database.EnvironmentVariables());
        await using (BlockedStatements blocked = await BlockedStatements.OnRowsAsync(database))
        {
            Task<FunctionAnswer> invocation = Movements.MoveAsync(function);
            await blocked.TerminateBackendAsync();
            // Answered while the row is locked: there is no second run.
            AssertUnknown(await invocation);
        }

        await function.WaitUntilFrozenAsync();
        Assert.Empty(await database.ListSessionsAsync());
        await Movements.AssertAsync(database, count: 0);
        Assert.Single(function.Troubles);
        Assert.Equal(201, (await Movements.MoveAsync(function)).Status);
        await Movements.AssertAsync(database, count: 1);
    }

    [Fact]
    public async Task Committed_with_its_answer_lost_it_is_not_run_again_and_the_caller_is_told_that_the_outcome_is_unknown()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        await using var proxy = new FaultProxy(database.Server);
        await using FrozenFunction function = await StartAsync(database, database.EnvironmentVariables(proxy));
        Task<FunctionAnswer> invocation = await CommitAndLoseTheAnswerAsync(database, proxy, () => Movements.MoveAsync(function));
        AssertUnknown(await invocation);
        await function.WaitUntilFrozenAsync();
        Assert.Single(proxy.Connections);
        await Movements.AssertAsync(database, count: 1);
    }

    [Fact]
    public async Task With_a_key_one_that_was_killed_is_run_again_and_moves_once()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        await using FrozenFunction function = await StartAsync(database, database.EnvironmentVariables());
        Task<FunctionAnswer> invocation;
        await using (BlockedStatements blocked = await BlockedStatements.OnRowsAsync(database))
        {
            invocation = Movements.MoveAsync(function, Key);
            int first = await blocked.TerminateBackendAsync();
            await blocked.WaitForBackendAsync(other: first);
        }

        await AssertMovedOnceAsync(database, function, await invocation);
    }

    [Fact]
    public async Task With_a_key_one_that_was_committed_is_run_again_and_gets_its_first_answer()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        await using var proxy = new FaultProxy(database.Server);
        await using FrozenFunction function = await StartAsync(database, database.EnvironmentVariables(proxy));
        Task<FunctionAnswer> invocation = await CommitAndLoseTheAnswerAsync(database, proxy, () => Movements.MoveAsync(function, Key));
        await AssertMovedOnceAsync(database, function, await invocation);
        Assert.Equal(2, proxy.Connections.Count);
    }

    private async Task<FrozenFunction> StartAsync(TestDatabase database, Dictionary<string, string> variables)
    {
        FrozenFunction function = await FrozenFunction.StartAsync(bootstrap, variables);
        await FaultRounds.CreateProductAsync(function);
        await function.WaitUntilFrozenAsync();
        await Movements.AssertAsync(database, count: 0);
        return function;
    }

    /// <summary>Blocks the write when the server has it, keeps back what the server will say, and resets when it is committed.</summary>
    private static async Task<Task<FunctionAnswer>> CommitAndLoseTheAnswerAsync(
        TestDatabase database, FaultProxy proxy, Func<Task<FunctionAnswer>> write)
    {
        ProxiedConnection connection = Assert.Single(proxy.Connections);
        Task<FunctionAnswer> invocation;
        await using (BlockedStatements blocked = await BlockedStatements.OnRowsAsync(database))
        {
            invocation = write();
            await blocked.WaitForBackendAsync();
            connection.Mode = ProxyMode.Hold;
        }

        await Eventually.IsAsync(1, () => Movements.CountAsync(database));
        Assert.False(invocation.IsCompleted);
        connection.Reset();
        return invocation;
    }

    private static void AssertUnknown(FunctionAnswer answer) =>
        Assert.Contains("whether it took effect is not known", answer.TurnedAway(), StringComparison.Ordinal);

    private static async Task AssertMovedOnceAsync(TestDatabase database, FrozenFunction function, FunctionAnswer answer)
    {
        Assert.Equal(201, answer.Status);
        Assert.Equal(Movements.Quantity, answer.Json.GetProperty("stock").GetInt64());
        Assert.Equal(await database.QueryAsAdminAsync<long>("SELECT max(id) FROM movements"), answer.Json.GetProperty("id").GetInt64());
        await Movements.AssertAsync(database, count: 1);
        Assert.Contains("was lost under the handler", Assert.Single(function.Troubles), StringComparison.Ordinal);

        FunctionAnswer repeat = await Movements.MoveAsync(function, Key);
        Assert.Equal((answer.Status, answer.Body), (repeat.Status, repeat.Body));
        await Movements.AssertAsync(database, count: 1);
    }
}
