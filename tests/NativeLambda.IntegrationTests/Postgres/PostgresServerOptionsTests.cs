using NativeLambda.Emulator.Postgres;

namespace NativeLambda.IntegrationTests.Postgres;

public sealed class PostgresServerOptionsTests
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("port", "1", "sets it itself")]
    [InlineData("ssl_key_file", "/x", "sets it itself")]
    [InlineData("work mem", "1", "no setting")]
    [InlineData("work_mem", "1\nport = 1", "no setting")]
    public async Task A_setting_that_cannot_be_given_is_named(string name, string value, string why)
    {
        ArgumentException refused = await Assert.ThrowsAsync<ArgumentException>(
            () => PostgresServer.StartAsync(new() { Settings = new Dictionary<string, string> { [name] = value } }, Cancellation));
        Assert.Contains(name, refused.Message, StringComparison.Ordinal);
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_is_not_loopback_is_refused()
    {
        ArgumentException refused = await Assert.ThrowsAsync<ArgumentException>(
            () => PostgresServer.StartAsync(new() { Host = "0.0.0.0" }, Cancellation));
        Assert.Contains("loopback", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_value_that_the_server_refuses_is_quoted_from_its_log()
    {
        PostgresServerException failed = await Assert.ThrowsAsync<PostgresServerException>(
            () => PostgresServer.StartAsync(
                new() { Settings = new Dictionary<string, string> { ["max_connections"] = "many" } }, Cancellation));
        Assert.Contains("invalid value for parameter \"max_connections\": \"many\"", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_given_port_that_is_taken_is_said()
    {
        await using PostgresServer first = await PostgresServer.StartAsync(cancellationToken: Cancellation);
        PostgresServerException failed = await Assert.ThrowsAsync<PostgresServerException>(
            () => PostgresServer.StartAsync(new() { Port = first.Port }, Cancellation));
        Assert.Contains("Address already in use", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_without_a_server_is_named()
    {
        PostgresServerException failed = await Assert.ThrowsAsync<PostgresServerException>(
            () => PostgresServer.StartAsync(new() { BinaryDirectory = "/usr/share" }, Cancellation));
        Assert.Contains("/usr/share", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Root_runs_the_server_as_postgres_else_as_nobody_else_not_at_all()
    {
        string[] debian = ["root:x:0:0:root:/root:/bin/bash", "nobody:x:65534:65533::/:/bin/false", "postgres:x:101:104::/:/bin/bash"];
        Assert.Equal(new ServerUser("postgres", 101, 104), ServerUser.ChooseForRoot(debian));
        Assert.Equal(new ServerUser("nobody", 65534, 65533), ServerUser.ChooseForRoot(debian[..2]));
        Assert.Contains("useradd", Assert.Throws<PostgresServerException>(() => ServerUser.ChooseForRoot(debian[..1])).Message, StringComparison.Ordinal);
        Assert.Throws<PostgresServerException>(() => ServerUser.ChooseForRoot(["postgres:x:0:0::/:/bin/sh"]));
    }
}
