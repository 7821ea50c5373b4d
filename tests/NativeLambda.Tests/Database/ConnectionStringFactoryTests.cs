using NativeLambda.Database;
using NativeLambda.Tests.TestSupport;
using Npgsql;

namespace NativeLambda.Tests.Database;

public sealed class ConnectionStringFactoryTests
{
    /// <summary>Every keyword that is set, with its value: a new one needs a reason in the factory and a line here.</summary>
    [Fact]
    public void Every_keyword_of_the_connection_string_is_intended()
    {
        ConnectionSettings connection = TestSettings.With(null).Connection with { RootCertificateFile = "/ca.pem" };
        NpgsqlConnectionStringBuilder made = ConnectionStringFactory.Create(connection, new LifetimeSettings());
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
            ["Password"] = TestSettings.Password,
            ["Persist Security Info"] = "False",
            ["Pooling"] = "False",
            ["Port"] = "5432",
            ["Root Certificate"] = "/ca.pem",
            ["Server Compatibility Mode"] = "NoTypeLoading",
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
        NpgsqlConnectionStringBuilder made = ConnectionStringFactory.Create(connection, new LifetimeSettings());
        Assert.Equal((expected, root), (made.SslMode, made.RootCertificate is not null));
    }
}
