using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Credentials;

public sealed class PasswordFileTests(PostgresFixture postgres) : IDisposable
{
    private readonly string _file = Path.GetTempFileName(); // Mode 0600.

    public void Dispose() => File.Delete(_file);

    private (string, string)[] Variables => [("PGPASSWORD", ""), ("PGPASSFILE", _file)];

    [Fact]
    public async Task The_entry_that_matches_opens_the_connection()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        Dictionary<string, string> variables = database.EnvironmentVariables();
        File.WriteAllText(_file, $"*:*:other:*:wrong\n{variables["PGHOST"]}:{variables["PGPORT"]}:{database.Name}:{database.Name}:{variables["PGPASSWORD"]}\n");
        await using var stage = new CredentialStage(variables, Variables) { Secrets = { variables["PGPASSWORD"] } };
        await stage.OpenAsync();
        Assert.Equal(database.Name, await stage.InvokeAsync());
    }

    [Fact]
    public async Task A_password_that_was_rotated_with_its_file_costs_no_failed_open()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        Dictionary<string, string> variables = database.EnvironmentVariables();
        File.WriteAllText(_file, $"*:*:*:*:{variables["PGPASSWORD"]}");
        await using var stage = new CredentialStage(variables, Variables) { Secrets = { variables["PGPASSWORD"], "rotated-password" } };
        await stage.OpenAsync();

        await database.ExecuteAsAdminAsync($"ALTER ROLE {database.Name} PASSWORD 'rotated-password'");
        File.WriteAllText(_file, "*:*:*:*:rotated-password");
        await CredentialStage.LoseAsync(database);
        Assert.Equal(database.Name, await stage.InvokeAsync());
        Assert.Equal(0, stage.Refusals);
    }

    [Fact]
    public async Task With_several_hosts_each_has_its_own_entry()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        Dictionary<string, string> variables = database.EnvironmentVariables();
        string host = variables["PGHOST"];
        // Nobody listens on port 1.
        File.WriteAllText(_file, $"{host}:1:*:*:wrong\n{host}:{variables["PGPORT"]}:*:*:{variables["PGPASSWORD"]}\n");
        await using var stage = new CredentialStage(
            variables, [.. Variables, ("PGHOST", $"{host},{host}"), ("PGPORT", $"1,{variables["PGPORT"]}")])
        {
            Secrets = { variables["PGPASSWORD"] },
        };
        await stage.OpenAsync();
        Assert.Equal(database.Name, await stage.InvokeAsync());
    }

    [Fact]
    public async Task No_entry_is_a_permanent_failure_that_names_the_file()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        Dictionary<string, string> variables = database.EnvironmentVariables();
        File.WriteAllText(_file, $"elsewhere:*:*:*:{variables["PGPASSWORD"]}");
        await using var stage = new CredentialStage(variables, Variables) { Secrets = { variables["PGPASSWORD"] } };
        string message = await stage.RefuseAsync();
        Assert.Contains($"{_file} has no entry for host {variables["PGHOST"]}", message, StringComparison.Ordinal);
        Assert.Contains($"user {database.Name}", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_password_at_all_names_where_one_could_be()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        await using var stage = new CredentialStage(database.EnvironmentVariables(), [("PGPASSWORD", "")]);
        string message = await stage.RefuseAsync();
        foreach (string source in new[] { "DATABASE_URL", "PGPASSWORD", "PGPASSFILE", "NATIVELAMBDA_AUTH" })
            Assert.Contains(source, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_is_a_permanent_failure_that_names_where_it_could_come_from()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        await using var stage = new CredentialStage(database.EnvironmentVariables(), [("PGPASSWORD", "wr0ng")]) { Secrets = { "wr0ng" } };
        string message = await stage.RefuseAsync();
        Assert.Contains("28P01", message, StringComparison.Ordinal);
        Assert.Contains("in 1 attempt", message, StringComparison.Ordinal);
        Assert.Contains("PGPASSFILE", message, StringComparison.Ordinal);
    }
}
