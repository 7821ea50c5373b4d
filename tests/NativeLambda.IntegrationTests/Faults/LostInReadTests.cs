using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Faults;

/// <summary>The backend is terminated while it runs a read.</summary>
public sealed class LostInReadTests(PostgresFixture postgres, BootstrapFixture bootstrap)
{
    [Fact]
    public async Task It_is_run_again_once_and_answered()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        await using FrozenFunction function = await FrozenFunction.StartAsync(bootstrap, database.EnvironmentVariables());
        await FaultRounds.CreateProductAsync(function);
        await function.WaitUntilFrozenAsync();
        int second;
        Task<FunctionAnswer> invocation;
        await using (BlockedStatements blocked = await BlockedStatements.OnTableAsync(database))
        {
            invocation = function.InvokeHttpAsync("GET", "/products");
            int first = await blocked.TerminateBackendAsync();
            second = await blocked.WaitForBackendAsync(other: first);
        }

        FunctionAnswer answer = await invocation;
        Assert.Equal(200, answer.Status);
        Assert.Equal("p", Assert.Single(answer.Json.GetProperty("items").EnumerateArray()).GetProperty("id").GetString());
        ConnectionView facts = await function.GetConnectionFactsAsync();
        Assert.Equal((second, 2, 2), (facts.BackendPid, facts.Opens, facts.ReusedFor));
        Assert.Equal(3, facts.Invocations); // the one that was run twice is one
        Assert.Contains("was lost under the handler", Assert.Single(function.Troubles), StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_the_second_run_is_lost_as_well_the_caller_is_turned_away()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        await using FrozenFunction function = await FrozenFunction.StartAsync(bootstrap, database.EnvironmentVariables());
        await FaultRounds.CreateProductAsync(function);
        await function.WaitUntilFrozenAsync();
        await using (BlockedStatements blocked = await BlockedStatements.OnTableAsync(database))
        {
            Task<FunctionAnswer> invocation = function.InvokeHttpAsync("GET", "/products");
            int first = await blocked.TerminateBackendAsync();
            await blocked.TerminateBackendAsync(other: first);
            // Answered while the lock is held: there is no third run.
            Assert.Contains("a repeat changes nothing twice", (await invocation).TurnedAway(), StringComparison.Ordinal);
        }

        await function.WaitUntilFrozenAsync();
        Assert.Equal(2, function.Troubles.Count);
        Assert.Equal(200, (await function.InvokeHttpAsync("GET", "/products")).Status);
        Assert.Equal(3, (await function.GetConnectionFactsAsync()).Opens);
    }
}
