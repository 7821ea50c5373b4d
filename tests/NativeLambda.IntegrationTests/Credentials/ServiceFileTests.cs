using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Credentials;

public sealed class ServiceFileTests(PostgresFixture postgres)
{
    [Fact]
    public async Task A_service_is_all_that_a_function_needs_to_know()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        Dictionary<string, string> variables = database.EnvironmentVariables();
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, $"""
                [products]
                host={variables["PGHOST"]}
                port={variables["PGPORT"]}
                dbname={database.Name}
                user={database.Name}
                password={variables["PGPASSWORD"]}
                sslmode=verify-full
                sslrootcert={variables["PGSSLROOTCERT"]}
                application_name=from-the-service

                """);
            await using var stage = new CredentialStage(new Dictionary<string, string>(), [("PGSERVICE", "products"), ("PGSERVICEFILE", file)])
            {
                Secrets = { variables["PGPASSWORD"] },
            };
            await stage.OpenAsync();
            Assert.Equal(database.Name, await stage.InvokeAsync());
            Assert.Equal("from-the-service", Assert.Single(await database.ListSessionsAsync()).ApplicationName);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
