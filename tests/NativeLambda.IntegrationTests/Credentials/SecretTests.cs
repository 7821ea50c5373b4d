using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Credentials;

public sealed class SecretTests(PostgresFixture postgres)
{
    private const string Rotated = "rotated-password";

    [Fact]
    public async Task A_secret_opens_the_connection_once_the_extension_is_ready()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        Dictionary<string, string> variables = database.EnvironmentVariables();
        await using var extension = new SecretsExtensionServer(SecretsExtensionServer.Json(variables["PGPASSWORD"])) { NotReady = 3 };
        await using var stage = new CredentialStage(variables, extension.Variables)
        {
            Secrets = { variables["PGPASSWORD"], SecretsExtensionServer.Token },
        };
        await stage.OpenAsync();
        Assert.Equal(database.Name, await stage.InvokeAsync());
        Assert.Equal(4, extension.Requests.Count);
    }

    [Fact]
    public async Task A_rotation_costs_one_refused_open_and_then_none()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        Dictionary<string, string> variables = database.EnvironmentVariables();
        await using var extension = new SecretsExtensionServer(SecretsExtensionServer.Json(variables["PGPASSWORD"]));
        await using var stage = new CredentialStage(variables, extension.Variables)
        {
            Secrets = { variables["PGPASSWORD"], Rotated, SecretsExtensionServer.Token },
        };
        await stage.OpenAsync();
        await database.ExecuteAsAdminAsync($"ALTER ROLE {database.Name} PASSWORD '{Rotated}'");
        extension.Secret = SecretsExtensionServer.Json(Rotated);
        for (int round = 0; round < 3; round++)
        {
            await CredentialStage.LoseAsync(database);
            Assert.Equal(database.Name, await stage.InvokeAsync());
            Assert.Equal(1, stage.Refusals);
        }

        Assert.Equal(1, extension.Requests.Count(path => path.Contains("refreshNow=true", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_rotation_between_two_roles_changes_the_role()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        await using TestDatabase second = await postgres.CreateDatabaseAsync();
        Dictionary<string, string> variables = database.EnvironmentVariables();
        string password = second.EnvironmentVariables()["PGPASSWORD"];
        await using var extension = new SecretsExtensionServer(SecretsExtensionServer.Json(variables["PGPASSWORD"], database.Name));
        await using var stage = new CredentialStage(variables, [.. extension.Variables, ("PGUSER", "")])
        {
            Secrets = { variables["PGPASSWORD"], password },
        };
        await stage.OpenAsync();
        Assert.Equal(database.Name, await stage.InvokeAsync());

        await database.ExecuteAsAdminAsync($"ALTER ROLE {database.Name} PASSWORD '{Rotated}'");
        extension.Secret = SecretsExtensionServer.Json(password, second.Name);
        await CredentialStage.LoseAsync(database);
        Assert.Equal(second.Name, await stage.InvokeAsync());
        Assert.Equal(1, stage.Refusals);
    }

    [Fact]
    public async Task A_secret_that_stays_wrong_is_refused_after_one_refresh()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        await using var extension = new SecretsExtensionServer("wr0ng-password");
        await using var stage = new CredentialStage(database.EnvironmentVariables(), extension.Variables) { Secrets = { "wr0ng-password" } };
        string message = await stage.RefuseAsync();
        Assert.Contains("28P01", message, StringComparison.Ordinal);
        Assert.Equal((2, 1), (extension.Requests.Count, stage.Refusals));
    }

    [Fact]
    public async Task A_secret_that_the_extension_does_not_give_is_a_permanent_failure()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        await using var extension = new SecretsExtensionServer("any");
        (string, string)[] variables = [.. extension.Variables, ("AWS_SESSION_TOKEN", "another-token")];
        await using var stage = new CredentialStage(database.EnvironmentVariables(), variables);
        string message = await stage.RefuseAsync();
        Assert.Contains($"localhost:{extension.Port} answered 403 for {SecretsExtensionServer.SecretId}", message, StringComparison.Ordinal);
    }
}
