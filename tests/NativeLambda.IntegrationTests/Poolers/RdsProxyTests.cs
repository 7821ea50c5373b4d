using NativeLambda.IntegrationTests.Faults;
using NativeLambda.IntegrationTests.Fixtures;
using Npgsql;

namespace NativeLambda.IntegrationTests.Poolers;

public sealed class RdsProxyTests(PostgresFixture postgres, BootstrapFixture bootstrap)
{
    [Fact]
    public async Task Options_are_refused_once_and_the_function_serves_without_them()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        await using var proxy = new RdsProxyFake(database);
        await using FrozenFunction function = await FrozenFunction.StartAsync(bootstrap, proxy.EnvironmentVariables);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(200, (await function.InvokeHttpAsync("GET", "/products")).Status);
            await function.WaitUntilFrozenAsync();
        }

        Assert.Equal(1, proxy.Refusals);
        string guards = Assert.Single(function.Troubles);
        Assert.Contains("RdsProxy", guards, StringComparison.Ordinal);
        Assert.Contains("ALTER ROLE", guards, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_statement_past_the_deadline_is_answered_with_504_though_the_cancel_request_is_ignored()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        await using var proxy = new RdsProxyFake(database);
        await using FrozenFunction function = await FrozenFunction.StartAsync(bootstrap, proxy.EnvironmentVariables, TimeSpan.FromSeconds(3));
        await using var locker = new NpgsqlConnection(database.AdminConnectionString);
        await locker.OpenAsync();
        await using NpgsqlTransaction transaction = await locker.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand("LOCK TABLE products", locker))
            await command.ExecuteNonQueryAsync();

        FunctionAnswer answer = await function.InvokeHttpAsync("GET", "/products");
        Assert.Equal(504, answer.Status);
        Assert.True(proxy.IgnoredCancels > 0);
        await transaction.RollbackAsync();
        Assert.Equal(200, (await function.InvokeHttpAsync("GET", "/products")).Status);
    }
}
