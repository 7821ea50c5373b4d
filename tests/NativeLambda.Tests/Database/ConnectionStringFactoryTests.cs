using NativeLambda.Database;
using NativeLambda.Tests.TestSupport;
using Npgsql;

namespace NativeLambda.Tests.Database;

public sealed class ConnectionStringFactoryTests
{
    private static StartupGuards Guards(ServerProfile profile = ServerProfile.Auto)
    {
        using var log = new LogRecorder(TimeProvider.System);
        return new StartupGuards(new ServerSettings { Profile = profile }, log.Log);
    }

    /// <summary>Every keyword that is set, with its value: a new one needs a reason in the factory and a line here.</summary>
    [Fact]
    public void Every_keyword_of_the_connection_string_is_intended()
    {
        ConnectionSettings connection = TestSettings.With(null).Connection with { RootCertificateFile = "/ca.pem" };
        NpgsqlConnectionStringBuilder made = ConnectionStringFactory.Create(connection, new LifetimeSettings(), Guards());
        var expected = new SortedDictionary<string, string>
        {
            ["Application Name"] = "nativelambda",
            ["Cancellation Timeout"] = "125",
            ["Command Timeout"] = "0",
            ["Database"] = "products",
            ["Enlist"] = "False",
            ["GSS Encryption Mode"] = "Disable",
            ["Host"] = "db.example",
            ["Include Error Detail"] = "False",
            ["Keepalive"] = "0",
            ["Options"] = "-c idle_session_timeout=300000 -c idle_in_transaction_session_timeout=60000 -c statement_timeout=900000"
                + " -c tcp_keepalives_idle=60 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3 -c tcp_user_timeout=90000 -c client_connection_check_interval=10000",
            ["Password"] = TestSettings.Password,
            ["Persist Security Info"] = "False",
            ["Pooling"] = "False",
            ["Port"] = "5432",
            ["Root Certificate"] = "/ca.pem",
            ["Server Compatibility Mode"] = "NoTypeLoading",
            ["SSL Negotiation"] = "Postgres",
            ["SSL Mode"] = "VerifyFull",
            ["Timeout"] = "4",
            ["Username"] = "app",
        };
        var actual = new SortedDictionary<string, string>(made.Keys.ToDictionary(key => key, key => made[key]?.ToString() ?? ""));
        Assert.Equal(expected, actual);
    }

    [Theory]
    [InlineData(TlsMode.Disable, SslMode.Disable, false)]
    [InlineData(TlsMode.Allow, SslMode.Allow, false)]
    [InlineData(TlsMode.Prefer, SslMode.Prefer, false)]
    [InlineData(TlsMode.Require, SslMode.Require, false)]
    [InlineData(TlsMode.VerifyCa, SslMode.VerifyCA, true)]
    [InlineData(TlsMode.VerifyFull, SslMode.VerifyFull, true)]
    public void The_mode_of_libpq_is_the_mode_of_Npgsql_and_a_root_is_named_only_where_it_is_verified(TlsMode mode, SslMode expected, bool root)
    {
        ConnectionSettings connection = TestSettings.With(null).Connection with { TlsMode = mode, RootCertificateFile = "/ca.pem" };
        NpgsqlConnectionStringBuilder made = ConnectionStringFactory.Create(connection, new LifetimeSettings(), Guards());
        Assert.Equal((expected, root), (made.SslMode, made.RootCertificate is not null));
    }

    [Theory]
    [InlineData(ServerProfile.Auto, true, 125)]
    [InlineData(ServerProfile.Direct, true, 125)]
    [InlineData(ServerProfile.PgBouncer, false, 125)]
    [InlineData(ServerProfile.RdsProxy, false, -1)]
    public void A_pooler_gets_no_options_and_RDS_Proxy_is_not_waited_for_after_a_cancel_request(ServerProfile profile, bool options, int cancellationTimeout)
    {
        NpgsqlConnectionStringBuilder made = ConnectionStringFactory.Create(TestSettings.With(null).Connection, new LifetimeSettings(), Guards(profile));
        Assert.Equal((options, cancellationTimeout), (made.Options is not null, made.CancellationTimeout));
    }
}
