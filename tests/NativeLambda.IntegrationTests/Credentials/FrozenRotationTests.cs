using NativeLambda.IntegrationTests.Faults;
using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Credentials;

/// <summary>The password is changed, and the connection lost, while the bootstrap is frozen: its next caller does not notice.</summary>
public sealed class FrozenRotationTests(PostgresFixture postgres, BootstrapFixture bootstrap)
{
    private const string Refused = "The server refused the credentials";

    [Fact]
    public async Task A_secret_that_was_rotated_costs_one_refused_open()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        Dictionary<string, string> variables = database.EnvironmentVariables();
        await using var extension = new SecretsExtensionServer(SecretsExtensionServer.Json(variables["PGPASSWORD"], database.Name));
        await using FrozenFunction function = await FrozenFunction.StartAsync(bootstrap, variables, settings: extension.Variables);
        function.AddSecret(SecretsExtensionServer.Token);
        await FaultRounds.CreateProductAsync(function);
        for (int round = 1; round <= 5; round++)
        {
            string password = $"rotated-password-{round}";
            function.AddSecret(password);
            await function.WhileFrozenAsync(async () =>
            {
                await RotateAsync(database, password);
                extension.Secret = SecretsExtensionServer.Json(password, database.Name);
            });
            Assert.Equal(200, (await function.InvokeHttpAsync("GET", FaultRounds.Product)).Status);
            await function.WaitUntilFrozenAsync();
            Assert.Equal(round, function.Log.Count(record => record.Message.StartsWith(Refused, StringComparison.Ordinal)));
        }

        Assert.Equal(1 + (2 * 5), extension.Requests.Count);
        Assert.Empty(function.Troubles);
    }

    [Fact]
    public async Task A_password_file_that_was_rotated_costs_nothing()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        Dictionary<string, string> variables = database.EnvironmentVariables();
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, $"*:*:*:*:{variables["PGPASSWORD"]}");
            await using FrozenFunction function = await FrozenFunction.StartAsync(
                bootstrap, variables, settings: [("PGPASSWORD", ""), ("PGPASSFILE", file)]);
            await FaultRounds.CreateProductAsync(function);
            function.AddSecret("rotated-password");
            await function.WhileFrozenAsync(async () =>
            {
                await RotateAsync(database, "rotated-password");
                await File.WriteAllTextAsync(file, "*:*:*:*:rotated-password");
            });
            Assert.Equal(200, (await function.InvokeHttpAsync("GET", FaultRounds.Product)).Status);
            await function.WaitUntilFrozenAsync();
            Assert.DoesNotContain(function.Log, record => record.Message.StartsWith(Refused, StringComparison.Ordinal));
            Assert.Empty(function.Troubles);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task RotateAsync(TestDatabase database, string password)
    {
        await database.ExecuteAsAdminAsync($"ALTER ROLE {database.Name} PASSWORD '{password}'");
        Assert.Equal(1, await database.TerminateBackendsAsync());
    }
}
