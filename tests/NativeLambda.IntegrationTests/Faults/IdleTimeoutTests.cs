using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Faults;

/// <summary>The server closes the session of a frozen environment because it idles: the guard that the contract relies on.</summary>
public sealed class IdleTimeoutTests(PostgresFixture postgres, BootstrapFixture bootstrap)
{
    [Fact]
    public async Task With_the_functions_own_setting_the_session_goes_and_the_next_invocation_answers_on_a_new_backend()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        await using FrozenFunction function = await FrozenFunction.StartAsync(
            bootstrap, database.EnvironmentVariables(), settings: ("NATIVELAMBDA_IDLE_DISCONNECT", "250ms"));
        for (int round = 0; round < 3; round++)
        {
            await function.WhileFrozenAsync(() => WaitUntilGoneAsync(database));
            ConnectionView facts = await function.GetConnectionFactsAsync();
            Assert.Equal(("reopened", 1, round + 2), (facts.Check, facts.ReusedFor, facts.Opens));
        }

        await function.WaitUntilFrozenAsync();
        Assert.Empty(function.Troubles);
    }

    [Fact]
    public async Task With_the_roles_setting_it_does_so_too()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        await using FrozenFunction function = await FrozenFunction.StartAsync(bootstrap, database.EnvironmentVariables(), settings: ("NATIVELAMBDA_IDLE_DISCONNECT", "0s"));
        await FaultRounds.CreateProductAsync(function);
        ConnectionView before = await function.GetConnectionFactsAsync();
        for (int round = 0; round < 5; round++)
        {
            // Those that are opened from now on; the one that is there goes the usual way.
            await database.ExecuteAsAdminAsync($"ALTER ROLE {database.Name} SET idle_session_timeout = '250ms'");
            await function.WhileFrozenAsync(() => database.TerminateBackendsAsync());
            Assert.Equal(200, (await function.InvokeHttpAsync("GET", FaultRounds.Product)).Status);

            await function.WhileFrozenAsync(async () =>
            {
                await WaitUntilGoneAsync(database);
                await database.ExecuteAsAdminAsync($"ALTER ROLE {database.Name} RESET idle_session_timeout");
            });
            ConnectionView after = await function.GetConnectionFactsAsync();
            Assert.Equal(("reopened", 1), (after.Check, after.ReusedFor));
            Assert.Equal(before.Opens + 2, after.Opens);
            before = after;
        }

        await function.WaitUntilFrozenAsync();
        Assert.Empty(function.Troubles);
        string[] ended = [.. (await database.Server.ReadLogAsync()).Split('\n').Where(line =>
            line.Contains($"{database.Name}@", StringComparison.Ordinal) && line.Contains("idle-session timeout", StringComparison.Ordinal))];
        Assert.Equal(5, ended.Length);
    }

    private static Task WaitUntilGoneAsync(TestDatabase database) =>
        Eventually.IsAsync(0, async () => (await database.ListSessionsAsync()).Count);
}
