using NativeLambda.Database;
using NativeLambda.Tests.TestSupport;
using Npgsql;

namespace NativeLambda.Tests.Database;

public sealed class StartupGuardsTests : IDisposable
{
    private readonly LogRecorder _log = new(TimeProvider.System);

    public void Dispose() => _log.Dispose();

    private StartupGuards Guards(ServerProfile profile = ServerProfile.Auto) => new(new ServerSettings { Profile = profile }, _log.Log);

    private static PostgresException Refusal(string sqlState, string message) => new(message, "FATAL", "FATAL", sqlState);

    [Fact]
    public void A_guard_that_the_server_does_not_know_is_left_out_and_the_log_says_so_once()
    {
        StartupGuards guards = Guards();
        Assert.True(guards.ServerClosesIdle);
        Assert.True(guards.TryLearn(Refusal("42704", "unrecognized configuration parameter \"idle_session_timeout\"")));
        Assert.False(guards.TryLearn(Refusal("42704", "unrecognized configuration parameter \"idle_session_timeout\"")));
        Assert.False(guards.ServerClosesIdle);
        Assert.DoesNotContain("idle_session_timeout", guards.Options, StringComparison.Ordinal);
        Assert.Contains("statement_timeout=900000", guards.Options, StringComparison.Ordinal);
        Assert.Contains("idle_session_timeout", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void A_guard_that_the_platform_of_the_server_lacks_is_left_out()
    {
        StartupGuards guards = Guards();
        Assert.True(guards.TryLearn(Refusal("22023", "invalid value for parameter \"client_connection_check_interval\": 10000")));
        Assert.DoesNotContain("client_connection_check_interval", guards.Options, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("08P01", "unsupported startup parameter: options", ServerProfile.PgBouncer)]
    [InlineData("08P01", "unsupported startup parameter in options: idle_session_timeout", ServerProfile.PgBouncer)]
    [InlineData("0A000", "Feature not supported: RDS Proxy currently doesn't support command-line options.", ServerProfile.RdsProxy)]
    public void A_pooler_is_known_by_its_refusal_and_the_log_says_which_guards_to_set_elsewhere(string sqlState, string message, ServerProfile profile)
    {
        StartupGuards guards = Guards();
        Assert.True(guards.TryLearn(Refusal(sqlState, message)));
        Assert.Equal((profile, true, false, null), (guards.Profile, guards.IsPooler, guards.ServerClosesIdle, guards.Options));
        string line = Assert.Single(_log.Lines);
        Assert.Contains("idle_session_timeout", line, StringComparison.Ordinal);
        Assert.Contains("ALTER ROLE", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("28P01", "password authentication failed for user \"app\"")]
    [InlineData("42704", "role \"x\" does not exist")]
    [InlineData("08P01", "invalid length of startup packet")]
    public void Any_other_refusal_teaches_nothing(string sqlState, string message) =>
        Assert.False(Guards().TryLearn(Refusal(sqlState, message)));

    [Fact]
    public void A_profile_that_was_named_is_believed()
    {
        Assert.False(Guards(ServerProfile.Direct).TryLearn(Refusal("08P01", "unsupported startup parameter: options")));
        Assert.Null(Guards(ServerProfile.PgBouncer).Options);
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public void A_backend_that_is_not_the_one_of_the_session_gives_a_silent_pooler_away()
    {
        StartupGuards guards = Guards();
        guards.LearnFrom(new ServerLoad(1, 10, BackendPid: 7, Evicted: 0), sessionPid: 7);
        Assert.False(guards.IsPooler);
        guards.LearnFrom(new ServerLoad(1, 10, BackendPid: 8, Evicted: 0), sessionPid: 7);
        Assert.Equal(ServerProfile.PgBouncer, guards.Profile);
    }

    [Fact]
    public void A_guard_of_zero_is_left_to_the_server()
    {
        var guards = new StartupGuards(new ServerSettings { IdleDisconnect = TimeSpan.Zero, StatementTimeout = TimeSpan.Zero }, _log.Log);
        Assert.False(guards.ServerClosesIdle);
        Assert.StartsWith("-c idle_in_transaction_session_timeout=60000 -c tcp_", guards.Options, StringComparison.Ordinal);
    }
}
