using NativeLambda.Database;
using NativeLambda.IntegrationTests.Fixtures;
using Npgsql;

namespace NativeLambda.IntegrationTests.Database;

public sealed class ServerGuardsTests(PostgresFixture postgres)
{
    private static async Task<string> ShowAsync(NpgsqlConnection connection, string setting)
    {
        await using var command = new NpgsqlCommand($"SELECT current_setting('{setting}')", connection);
        return (string)(await command.ExecuteScalarAsync())!;
    }

    [Theory]
    [InlineData("idle_session_timeout", "5min")]
    [InlineData("idle_in_transaction_session_timeout", "1min")]
    [InlineData("statement_timeout", "15min")]
    [InlineData("tcp_keepalives_idle", "60")]
    [InlineData("tcp_keepalives_interval", "10")]
    [InlineData("tcp_keepalives_count", "3")]
    [InlineData("tcp_user_timeout", "90000")]
    [InlineData("client_connection_check_interval", "10s")]
    public async Task A_session_starts_with_the_guard_and_no_handler_can_take_it_away(string guard, string value)
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        await using LiveSession live = await LiveSession.OpenAsync(database.EnvironmentVariables());
        await live.ServeAsync(async connection =>
        {
            Assert.Equal(value, await ShowAsync(connection, guard));
            await using var command = new NpgsqlCommand($"SET {guard} = 0", connection);
            await command.ExecuteNonQueryAsync();
        });
        await live.ServeAsync(async connection => Assert.Equal(value, await ShowAsync(connection, guard)));
    }

    [Fact]
    public async Task The_server_closes_an_idle_session_and_the_next_invocation_gets_another_one_without_a_ping()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        await using LiveSession live = await LiveSession.OpenAsync(
            database.EnvironmentVariables(), settings => settings with { Server = settings.Server with { IdleDisconnect = TimeSpan.FromSeconds(1) } });
        ConnectionFacts first = await live.ServeAsync();
        // Until its process has gone, not only its row: the socket is closed between the two.
        await Eventually.IsTrueAsync(() => Task.FromResult(!Directory.Exists($"/proc/{first.BackendPid}")));
        ConnectionFacts second = await live.ServeAsync();
        Assert.Equal((ConnectionCheck.Reopened, 2), (second.Check, second.Opens));
        Assert.NotEqual(first.BackendPid, second.BackendPid);
        Assert.Contains("DeadSocket", live.Log, StringComparison.Ordinal);
    }
}
