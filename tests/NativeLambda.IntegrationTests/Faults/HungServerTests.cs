using NativeLambda.Emulator.Postgres;
using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Faults;

/// <summary>The server stands still (SIGSTOP) when the environment is thawed: its kernel accepts, nobody answers.</summary>
public sealed class HungServerTests(BootstrapFixture bootstrap)
{
    [Fact]
    public async Task While_it_hangs_callers_are_turned_away_within_the_deadline_and_afterwards_they_are_not()
    {
        await using PostgresServer server = await PostgresFixture.StartServerAsync();
        await using FrozenFunction function = await FrozenFunction.StartAsync(
            bootstrap, server.EnvironmentVariables, Deadlines.Near, Deadlines.PingAlways, Deadlines.Margin);
        await FaultRounds.CreateProductAsync(function);
        await function.WhileFrozenAsync(server.Suspend);
        for (int i = 0; i < 2; i++)
        {
            FunctionAnswer answer = await function.InvokeHttpAsync("GET", FaultRounds.Product);
            answer.TurnedAway();
            Assert.True(answer.Took < Deadlines.Near, $"it took {answer.Took}");
            await function.WaitUntilFrozenAsync();
            Assert.Equal(i + 1, function.Troubles.Count);
        }

        await function.WhileFrozenAsync(server.Resume);
        Assert.Equal(200, (await function.InvokeHttpAsync("GET", FaultRounds.Product)).Status);
        Assert.Equal(2, (await function.GetConnectionFactsAsync()).Opens);
    }

    [Fact]
    public async Task When_it_goes_on_during_the_invocation_that_is_answered()
    {
        await using PostgresServer server = await PostgresFixture.StartServerAsync();
        await using FrozenFunction function = await FrozenFunction.StartAsync(
            bootstrap, server.EnvironmentVariables, settings: [Deadlines.PingAlways, ("NATIVELAMBDA_CONNECT_TIMEOUT", "1s")]);
        await FaultRounds.CreateProductAsync(function);
        await function.WhileFrozenAsync(server.Suspend);
        Task<FunctionAnswer> invocation = function.InvokeHttpAsync("GET", FaultRounds.Product);
        await function.WaitForLogAsync("Opening failed");
        server.Resume();
        Assert.Equal(200, (await invocation).Status);
        ConnectionView facts = await function.GetConnectionFactsAsync();
        Assert.Equal((2, 2), (facts.Opens, facts.ReusedFor));
        Assert.Empty(function.Troubles);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    public async Task A_handler_that_meets_it_is_given_up_before_the_deadline(string processors)
    {
        await using PostgresServer server = await PostgresFixture.StartServerAsync();
        await using FrozenFunction function = await FrozenFunction.StartAsync(
            bootstrap, server.EnvironmentVariables, Deadlines.Near, Deadlines.PingNever, Deadlines.Margin, ("DOTNET_PROCESSOR_COUNT", processors));
        await FaultRounds.CreateProductAsync(function);
        await function.WhileFrozenAsync(server.Suspend);
        FunctionAnswer answer = await function.InvokeHttpAsync("GET", FaultRounds.Product);
        answer.Problem(504);
        Assert.True(answer.Took < Deadlines.Near, $"it took {answer.Took}");
        await function.WhileFrozenAsync(server.Resume);
        ConnectionView facts = await function.GetConnectionFactsAsync();
        Assert.Equal(("reopened", 2), (facts.Check, facts.Opens));
    }

    [Fact]
    public async Task A_write_that_meets_it_is_not_said_to_be_undone()
    {
        await using PostgresServer server = await PostgresFixture.StartServerAsync();
        await using FrozenFunction function = await FrozenFunction.StartAsync(
            bootstrap, server.EnvironmentVariables, Deadlines.Near, Deadlines.PingNever, Deadlines.Margin);
        await FaultRounds.CreateProductAsync(function);
        await function.WhileFrozenAsync(server.Suspend);
        FunctionAnswer answer = await Movements.MoveAsync(function);
        // The server has the statement, and may run it when it goes on: its cancel request comes another way.
        Assert.Contains("Check whether it took effect", answer.Problem(504), StringComparison.Ordinal);
        await function.WhileFrozenAsync(server.Resume);
        FunctionAnswer product = await function.InvokeHttpAsync("GET", FaultRounds.Product);
        Assert.InRange(product.Json.GetProperty("stock").GetInt64(), 0, Movements.Quantity);
    }
}
