using NativeLambda.IntegrationTests.Faults;
using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Credentials;

/// <summary>
/// The hash of a password is the server's, whatever its length: up to 64 bytes the bootstrap computes it the short way, beyond that the
/// key is hashed first.
/// </summary>
public sealed class PasswordHashTests(PostgresFixture postgres, BootstrapFixture bootstrap)
{
    [Theory]
    [InlineData(12)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(300)]
    public async Task A_password_of_any_length_logs_in(int length)
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        string password = new([.. Enumerable.Range(0, length).Select(i => (char)('a' + i * 7 % 26))]);
        await database.ExecuteAsAdminAsync($"ALTER ROLE {database.Name} PASSWORD '{password}'");
        await using FrozenFunction function = await FrozenFunction.StartAsync(
            bootstrap, database.EnvironmentVariables(), settings: [("PGPASSWORD", password)]);
        Assert.Equal(1, (await function.GetConnectionFactsAsync()).Opens);
    }
}
