using System.Security.Cryptography;
using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Faults;

/// <summary>The role's password is changed while the environment, which has the old one in its variables, is frozen.</summary>
public sealed class ChangedPasswordTests(PostgresFixture postgres, BootstrapFixture bootstrap)
{
    [Fact]
    public async Task An_open_connection_serves_on_and_a_lost_one_turns_callers_away_until_the_password_is_right_again()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        Dictionary<string, string> variables = database.EnvironmentVariables();
        string another = RandomNumberGenerator.GetHexString(24);
        await using FrozenFunction function = await FrozenFunction.StartAsync(bootstrap, variables);
        function.AddSecret(another);
        await FaultRounds.CreateProductAsync(function);

        await function.WhileFrozenAsync(() => SetPasswordAsync(database, another));
        Assert.Equal(200, (await function.InvokeHttpAsync("GET", FaultRounds.Product)).Status);

        await function.WhileFrozenAsync(() => database.TerminateBackendsAsync());
        for (int i = 0; i < 2; i++)
        {
            FunctionAnswer answer = await function.InvokeHttpAsync("GET", FaultRounds.Product);
            string detail = answer.TurnedAway();
            Assert.DoesNotContain(database.Name, detail, StringComparison.Ordinal); // the caller need not know the role
            await function.WaitUntilFrozenAsync();
            Assert.Equal(i + 1, function.Troubles.Count);
            Assert.Contains("28P01", function.Troubles[i], StringComparison.Ordinal);
            Assert.Contains("PGPASSWORD", function.Troubles[i], StringComparison.Ordinal);
        }

        // It does not pass by itself, so it is not tried again within one invocation.
        Assert.DoesNotContain(function.Log, record => record.Message.Contains("next attempt", StringComparison.Ordinal));

        await function.WhileFrozenAsync(() => SetPasswordAsync(database, variables["PGPASSWORD"]));
        ConnectionView facts = await function.GetConnectionFactsAsync();
        Assert.Equal(("reopened", 2), (facts.Check, facts.Opens));
    }

    private static Task SetPasswordAsync(TestDatabase database, string password) =>
        database.ExecuteAsAdminAsync($"ALTER ROLE {database.Name} PASSWORD '{password}'");
}
