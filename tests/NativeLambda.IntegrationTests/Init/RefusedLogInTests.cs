using NativeLambda.Emulator;
using NativeLambda.IntegrationTests.Fixtures;
using NativeLambda.IntegrationTests.Faults;

namespace NativeLambda.IntegrationTests.Init;

/// <summary>The server refuses the log-in for a reason that does not pass by itself: Init fails at once and says what to do.</summary>
public sealed class RefusedLogInTests(PostgresFixture postgres, BootstrapFixture bootstrap)
{
    private const string Refused = "NativeLambda.DatabaseRefused";

    [Fact]
    public async Task A_wrong_password()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        InitReport report = await InitAttempt.FailAsync(bootstrap, database.EnvironmentVariables(), ("PGPASSWORD", "b1tter-almond"));
        report.AssertFailed(Refused);
        report.AssertSays(Where(database, database.Name, database.Name), "28P01", "check the role and where its password comes from", "in 1 attempt:");
    }

    [Fact]
    public async Task A_role_that_does_not_exist()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        InitReport report = await InitAttempt.FailAsync(bootstrap, database.EnvironmentVariables(), ("PGUSER", "nobody_here"));
        report.AssertFailed(Refused);
        // With SCRAM the server does not betray which of the two is wrong.
        report.AssertSays(Where(database, database.Name, "nobody_here"), "28P01", "check the role and where its password comes from", "in 1 attempt:");
    }

    [Fact]
    public async Task A_database_that_does_not_exist()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        InitReport report = await InitAttempt.FailAsync(bootstrap, database.EnvironmentVariables(), ("PGDATABASE", "nothing_here"));
        report.AssertFailed(Refused);
        report.AssertSays(Where(database, "nothing_here", database.Name), "3D000", "create the database", "in 1 attempt:");
    }

    [Fact]
    public async Task A_database_that_the_role_may_not_connect_to()
    {
        await using TestDatabase own = await postgres.CreateDatabaseAsync();
        await using TestDatabase foreign = await postgres.CreateDatabaseAsync();
        await foreign.ExecuteAsAdminAsync($"REVOKE CONNECT ON DATABASE {foreign.Name} FROM PUBLIC");
        InitReport report = await InitAttempt.FailAsync(bootstrap, own.EnvironmentVariables(), ("PGDATABASE", foreign.Name));
        report.AssertFailed(Refused);
        report.AssertSays(Where(own, foreign.Name, own.Name), "42501", "grant the role CONNECT", "in 1 attempt:");
    }

    [Fact]
    public async Task A_caller_gets_the_same_error_and_so_does_who_started_the_environment()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        var variables = new Dictionary<string, string>(database.EnvironmentVariables()) { ["PGPASSWORD"] = "b1tter-almond" };
        await using FrozenFunction function = await FrozenFunction.CreateAsync(await bootstrap.GetPathAsync(), variables);
        InitFailedException failed = await Assert.ThrowsAsync<InitFailedException>(function.InitializeAsync);
        Assert.Equal(Refused, failed.ErrorType);
        InvokeResult result = await function.InvokeAsync("{}"u8.ToArray());
        Assert.Equal(("Unhandled", Refused, failed.Payload), (result.FunctionError, result.ErrorType, result.PayloadText));
        Assert.Contains("28P01", result.PayloadText, StringComparison.Ordinal);
    }

    private static string Where(TestDatabase server, string database, string user) =>
        $"(host 127.0.0.1, port {server.Server.Port}, database {database}, user {user})";
}
