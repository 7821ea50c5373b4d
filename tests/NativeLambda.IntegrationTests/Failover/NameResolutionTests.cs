using NativeLambda.IntegrationTests.Faults;
using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Failover;

/// <summary>The name of the server moves to another address, or cannot be resolved, while the environment is frozen.</summary>
public sealed class NameResolutionTests(BootstrapFixture bootstrap)
{
    private const string Movements = $"{FaultRounds.Product}/movements";
    private const string Movement = """{"quantity":1}""";

    [Fact]
    public async Task The_next_invocation_opens_at_the_address_to_which_the_name_has_moved()
    {
        (NamedServer named, ReplicatedPair pair) = await NamedServer.StartPairAsync(bootstrap);
        await using NamedServer end = named;
        FrozenFunction function = named.Function;
        await FaultRounds.CreateProductAsync(function);
        Assert.Empty(named.Moved.Connections);

        await function.WhileFrozenAsync(async () =>
        {
            await pair.FailOverAsync();
            named.Move();
        });
        FunctionAnswer answer = await function.InvokeHttpAsync("POST", Movements, Movement);
        Assert.True(answer.Status == 201, $"{answer.Status} {answer.Body}");
        Assert.Equal(2, (await function.GetConnectionFactsAsync()).Opens);
        Assert.Single(named.Moved.Connections);
        Assert.Equal((1, 1), await ReplicatedPair.CountAsync(pair.Standby));
        await function.WaitUntilFrozenAsync();
        Assert.Empty(function.Troubles);
    }

    [Fact]
    public async Task A_write_that_meets_the_server_which_the_name_has_left_is_turned_away_and_the_next_one_is_made_at_the_new_address()
    {
        (NamedServer named, ReplicatedPair pair) = await NamedServer.StartPairAsync(bootstrap);
        await using NamedServer end = named;
        FrozenFunction function = named.Function;
        await FaultRounds.CreateProductAsync(function);
        await function.WhileFrozenAsync(async () =>
        {
            // The old primary lives on as what takes no writes; the connection to it is as good as before.
            await pair.Standby.PromoteAsync();
            await ReplicatedPair.SetReadOnlyAsync(pair.Primary, true);
            named.Move();
        });
        Assert.Contains("failing over", (await function.InvokeHttpAsync("POST", Movements, Movement)).TurnedAway(), StringComparison.Ordinal);
        Assert.Equal(201, (await function.InvokeHttpAsync("POST", Movements, Movement)).Status);
        Assert.Equal(2, (await function.GetConnectionFactsAsync()).Opens);
        Assert.Single(named.Moved.Connections);
        Assert.Equal((0, 0), await ReplicatedPair.CountAsync(pair.Primary));
        Assert.Equal((1, 1), await ReplicatedPair.CountAsync(pair.Standby));
    }

    [Fact]
    public async Task A_connection_that_is_well_follows_the_name_when_its_lifetime_is_over()
    {
        await using NamedServer named = await NamedServer.StartAsync(bootstrap, NameAnswer.Address, ("NATIVELAMBDA_MAX_LIFETIME", "1ms"));
        FrozenFunction function = named.Function;
        named.Move();
        ConnectionView facts = await function.GetConnectionFactsAsync();
        Assert.Equal(("reopened", 2), (facts.Check, facts.Opens));
        Assert.Single(named.Moved.Connections);
        await function.WaitUntilFrozenAsync();
        Assert.Contains(function.Log, record => record.Message.StartsWith("Replacing the connection", StringComparison.Ordinal) && record.Message.Contains("MaxLifetime", StringComparison.Ordinal));
    }

    /// <param name="failure">How it fails.</param>
    /// <param name="logged">What the log says of it.</param>
    [Theory]
    [InlineData(nameof(NameAnswer.NoSuchName), "the host name cannot be resolved")]
    [InlineData(nameof(NameAnswer.ServerFailure), "the host name cannot be resolved")]
    [InlineData(nameof(NameAnswer.Silence), "no answer within the time")]
    public async Task While_the_name_fails_the_caller_is_turned_away_in_time_and_served_once_it_is_back(string failure, string logged)
    {
        TimeSpan budget = TimeSpan.FromSeconds(2);
        NameAnswer answer = Enum.Parse<NameAnswer>(failure);
        await using NamedServer named = await NamedServer.StartAsync(
            bootstrap, answer, ("NATIVELAMBDA_INIT_BUDGET", "2s"), ("NATIVELAMBDA_CONNECT_TIMEOUT", "1s"));
        FrozenFunction function = named.Function;
        NameServer names = named.Names;

        // Init could not open, either.
        string trouble = Assert.Single(function.Troubles);
        Assert.True(trouble.Contains(logged, StringComparison.Ordinal), string.Join("\n", function.Log));
        FunctionAnswer early = await function.InvokeHttpAsync("GET", "/products");
        early.TurnedAway();
        names.Answer = NameAnswer.Address;
        await UntilServedAsync(failure, async () => (await function.InvokeHttpAsync("PUT", FaultRounds.Product, """{"name":"p","price":1}""")).Status, 201);
        Assert.Equal(1, (await function.GetConnectionFactsAsync()).Opens);

        await function.WhileFrozenAsync(async () =>
        {
            names.Answer = answer;
            Assert.Equal(1, await named.Server.TerminateBackendsAsync());
        });
        int asked = names.Questions;
        FunctionAnswer turnedAway = await function.InvokeHttpAsync("GET", FaultRounds.Product);
        turnedAway.TurnedAway();
        Assert.True(names.Questions > asked);
        // glibc asks a silent server for ten seconds; the function does not wait for that.
        Assert.InRange(turnedAway.Took, TimeSpan.Zero, budget * 2);
        TestContext.Current.SendDiagnosticMessage($"{failure}: 503 after {turnedAway.Took.TotalMilliseconds:0} ms, of a budget of {budget.TotalMilliseconds:0} ms.");
        await function.WaitUntilFrozenAsync();
        Assert.Contains(logged, function.Troubles[^1], StringComparison.Ordinal);
        Assert.Contains(NamedServer.HostName, function.Troubles[^1], StringComparison.Ordinal);

        names.Answer = NameAnswer.Address;
        await UntilServedAsync(failure, async () => (await function.InvokeHttpAsync("GET", FaultRounds.Product)).Status, 200);
        Assert.Equal(2, (await function.GetConnectionFactsAsync()).Opens);
    }

    /// <summary>
    /// The next invocation is served. Only after silence the one that waits for its turn at the resolver is not: glibc asks again after
    /// five seconds, and .NET asks for one name once at a time.
    /// </summary>
    private static async Task UntilServedAsync(string failure, Func<Task<int>> invoke, int status)
    {
        if (failure == nameof(NameAnswer.Silence))
            await Eventually.IsAsync(status, invoke);
        else
            Assert.Equal(status, await invoke());
    }
}
