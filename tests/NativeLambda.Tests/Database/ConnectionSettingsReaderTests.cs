using NativeLambda.Database;
using NativeLambda.Settings;

namespace NativeLambda.Tests.Database;

public sealed class ConnectionSettingsReaderTests
{
    private static ConnectionSettings Read(params (string Name, string Value)[] variables) =>
        DatabaseSettings.FromVariables(name => variables.FirstOrDefault(v => v.Name == name).Value).Connection;

    private static SettingsException Refuse(params (string Name, string Value)[] variables) =>
        Assert.Throws<SettingsException>(() => Read(variables));

    [Fact]
    public void PG_variables_are_read_as_libpq_reads_them()
    {
        ConnectionSettings settings = Read(
            ("PGHOST", "db.example"), ("PGPORT", "6432"), ("PGUSER", "app"), ("PGPASSWORD", "pw"), ("PGDATABASE", "shop"), ("PGAPPNAME", "x"));
        Assert.Equal(("db.example", 6432, "app", "pw", "shop", "x"),
            (settings.Host, settings.Port, settings.User, settings.Password, settings.Database, settings.ApplicationName));
    }

    [Fact]
    public void A_connection_uri_is_read_with_escapes_and_parameters()
    {
        ConnectionSettings settings = Read(("DATABASE_URL", "postgresql://us%40er:p%3A%2Fw%25@db.example:6000/my%20db?sslmode=require&application_name=a%26b"));
        Assert.Equal(("us@er", "p:/w%", "db.example", 6000, "my db", TlsMode.Require, "a&b"),
            (settings.User, settings.Password, settings.Host, settings.Port, settings.Database, settings.TlsMode, settings.ApplicationName));
    }

    [Theory]
    [InlineData("postgres://app@[2001:db8::1]:5433/d", "2001:db8::1", 5433)]
    [InlineData("postgres://app@[::1]/d", "::1", 5432)]
    [InlineData("postgres://app@%2Fvar%2Frun/d", "/var/run", 5432)]
    [InlineData("postgres://app@/d?host=/tmp", "/tmp", 5432)]
    [InlineData("postgres://app:p@w@db.example/d", "db.example", 5432)]
    public void The_host_of_a_connection_uri_may_be_an_address_a_socket_or_follow_an_unescaped_at(string url, string host, int port)
    {
        ConnectionSettings settings = Read(("DATABASE_URL", url));
        Assert.Equal((host, port), (settings.Host, settings.Port));
    }

    [Fact]
    public void What_the_uri_leaves_out_comes_from_the_PG_variables_and_the_database_defaults_to_the_user()
    {
        ConnectionSettings settings = Read(("DATABASE_URL", "postgresql://db.example"), ("PGUSER", "app"), ("PGPASSWORD", "pw"));
        Assert.Equal(("db.example", "app", "pw", "app"), (settings.Host, settings.User, settings.Password, settings.Database));
    }

    [Theory]
    [InlineData("db.example", TlsMode.VerifyFull)]
    [InlineData("10.0.0.1", TlsMode.VerifyFull)]
    [InlineData("localhost.example", TlsMode.VerifyFull)]
    [InlineData("localhost", TlsMode.Prefer)]
    [InlineData("127.0.0.1", TlsMode.Prefer)]
    [InlineData("::1", TlsMode.Prefer)]
    [InlineData("/var/run/postgresql", TlsMode.Prefer)]
    public void Any_host_that_others_can_listen_to_is_verified_in_full_by_default(string host, TlsMode mode) =>
        Assert.Equal(mode, Read(("PGHOST", host), ("PGUSER", "app")).TlsMode);

    [Fact]
    public void The_secret_is_in_no_text_of_the_settings()
    {
        ConnectionSettings settings = Read(("PGHOST", "h"), ("PGUSER", "u"), ("PGPASSWORD", "s3cret"));
        Assert.DoesNotContain("s3cret", settings.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_parameter_of_the_uri_outweighs_the_part_that_says_the_same()
    {
        ConnectionSettings settings = Read(("DATABASE_URL", "postgresql://app:pw@h:1/d?host=db.example&port=2&user=u&password=p%40w&dbname=shop"));
        Assert.Equal(("db.example", 2, "u", "p@w", "shop"), (settings.Host, settings.Port, settings.User, settings.Password, settings.Database));
    }

    [Theory]
    [InlineData("mysql://app:s3cret@h/d")]
    [InlineData("postgresql://app:s3cret@h:99999/d")]
    [InlineData("postgresql://app:s3cret%zz@h/d")]
    [InlineData("postgresql://app:s3cret@[::1/d")]
    [InlineData("postgresql://app:s3cret@h/d?colour=red")]
    [InlineData("postgresql://app:s3cret@h/d?sslmode=maybe")]
    [InlineData("postgresql://app:s3cret/d")]
    [InlineData("postgresql://app:s3cret?d")]
    [InlineData("postgresql://app:s3cret/half@h/d")]
    [InlineData("postgresql://app:half/s3cret@h/d")]
    [InlineData("postgresql://app:1/s3cret@h/d")]
    [InlineData("postgresql://app:h@lf/s3cret@h/d")]
    [InlineData("postgresql://app:s3cret?half@h/d")]
    [InlineData("postgresql://app:half?s3cret@h/d")]
    [InlineData("postgresql://app:1?s3cret=%@h/d")]
    [InlineData("postgresql://app:1?host=s3cret@h/d")]
    [InlineData("postgresql://app:1?sslmode=s3cret@h/d")]
    public void A_bad_uri_names_the_variable_and_never_the_secret(string url)
    {
        SettingsException refused = Refuse(("DATABASE_URL", url));
        Assert.Contains("DATABASE_URL", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PGPORT", "abc", "1 to 65535")]
    [InlineData("PGPORT", "0", "1 to 65535")]
    [InlineData("PGSSLMODE", "on", "verify-full")]
    [InlineData("PGSSLROOTCERT", "/nonexistent/ca.pem", "no such file")]
    [InlineData("PGSSLROOTCERT", "/dev/null", "no certificate in PEM")]
    public void A_bad_value_names_the_variable_the_value_and_what_is_allowed(string variable, string value, string allowed)
    {
        SettingsException refused = Refuse(("PGHOST", "h"), ("PGUSER", "u"), (variable, value));
        Assert.Equal((variable, "NativeLambda.InvalidSettings"), (refused.Variable, refused.ErrorType));
        Assert.Contains(variable, refused.Message, StringComparison.Ordinal);
        Assert.Contains($"'{value}'", refused.Message, StringComparison.Ordinal);
        Assert.Contains(allowed, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PGHOST")]
    [InlineData("PGUSER")]
    public void A_missing_value_says_what_to_set(string variable)
    {
        SettingsException refused = Refuse([variable == "PGHOST" ? ("PGUSER", "u") : ("PGHOST", "h")]);
        Assert.Contains($"{variable} is not set", refused.Message, StringComparison.Ordinal);
        Assert.Contains("DATABASE_URL", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_trust_store_of_the_system_needs_full_verification()
    {
        Refuse(("PGHOST", "h"), ("PGUSER", "u"), ("PGSSLROOTCERT", "system"), ("PGSSLMODE", "require"));
        ConnectionSettings settings = Read(("PGHOST", "h"), ("PGUSER", "u"), ("PGSSLROOTCERT", "system"));
        Assert.Equal((TlsMode.VerifyFull, null), (settings.TlsMode, settings.RootCertificateFile));
    }

    [Fact]
    public void Require_with_a_root_certificate_verifies_the_CA_as_in_libpq()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "-----BEGIN CERTIFICATE-----"); // More of it is not read here.
            Assert.Equal(TlsMode.VerifyCa, Read(("PGHOST", "h"), ("PGUSER", "u"), ("PGSSLMODE", "require"), ("PGSSLROOTCERT", file)).TlsMode);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("postgresql://app@a:6000,b,[::1]:7000/d", null, null, "a:6000 b:5432 [::1]:7000")]
    [InlineData("postgresql://app@/d?host=a,b&port=6000,7000", null, null, "a:6000 b:7000")]
    [InlineData(null, "a,b,c", "6000", "a:6000 b:6000 c:6000")]
    [InlineData(null, "a,b", "6000,", "a:6000 b:5432")]
    [InlineData(null, "a,b", null, "a:5432 b:5432")]
    public void Several_hosts_are_read_as_libpq_reads_them_and_the_one_that_takes_writes_is_wanted(string? url, string? hosts, string? ports, string expected)
    {
        ConnectionSettings settings = Read(("DATABASE_URL", url!), ("PGHOST", hosts!), ("PGPORT", ports!), ("PGUSER", "app"));
        Assert.Equal(expected, string.Join(' ', [new DatabaseHost(settings.Host, settings.Port), .. settings.OtherHosts]));
        Assert.Equal((TargetSession.ReadWrite, TlsMode.VerifyFull), (settings.TargetSession, settings.TlsMode));
        Assert.Contains(settings.OtherHosts[^1].ToString(), settings.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("any", TargetSession.Any, true)]
    [InlineData("read-write", TargetSession.ReadWrite, true)]
    [InlineData("read-only", TargetSession.ReadOnly, false)]
    [InlineData("primary", TargetSession.Primary, true)]
    [InlineData("standby", TargetSession.Standby, false)]
    [InlineData("prefer-standby", TargetSession.PreferStandby, false)]
    public void The_kind_of_server_is_read(string value, TargetSession expected, bool writer)
    {
        ConnectionSettings settings = Read(("PGHOST", "a,b"), ("PGUSER", "app"), ("PGTARGETSESSIONATTRS", value));
        Assert.Equal((expected, writer), (settings.TargetSession, settings.IsWriterWanted));
    }

    [Theory]
    [InlineData("PGPORT", "1,2,3", "one port for all 2 hosts or one for each")]
    [InlineData("PGHOST", "a,,b", "is empty")]
    [InlineData("PGTARGETSESSIONATTRS", "writer", "use any, read-write")]
    [InlineData("PGSSLNEGOTIATION", "now", "use postgres or direct")]
    public void A_bad_list_of_hosts_says_what_is_allowed(string variable, string value, string allowed)
    {
        SettingsException refused = Refuse((variable, value), ("PGHOST", "a,b"), ("PGUSER", "u"));
        Assert.Contains(allowed, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tls_from_the_first_byte_needs_a_mode_that_insists_on_it()
    {
        Refuse(("PGHOST", "localhost"), ("PGUSER", "u"), ("PGSSLNEGOTIATION", "direct"));
        Assert.True(Read(("PGHOST", "h"), ("PGUSER", "u"), ("PGSSLNEGOTIATION", "direct")).DirectTls);
    }

    [Theory]
    [InlineData("products", "7", "2026/11/24/[7]0123456789abcdef0123456789abcdef", "products/7/01234567")]
    [InlineData("products", null, null, "products/$LATEST")]
    [InlineData(null, null, null, "nativelambda")]
    [InlineData("a-function-whose-name-has-sixty-four-characters-as-lambda-allows", "$LATEST", "2026/11/24/[$LATEST]0123456789abcdef",
        "a-function-whose-name-has-sixty-four-character/$LATEST/01234567")]
    public void The_application_name_reads_as_the_fleet(string? function, string? version, string? stream, string expected)
    {
        ConnectionSettings settings = Read(
            ("PGHOST", "h"), ("PGUSER", "u"), ("AWS_LAMBDA_FUNCTION_NAME", function!), ("AWS_LAMBDA_FUNCTION_VERSION", version!),
            ("AWS_LAMBDA_LOG_STREAM_NAME", stream!));
        Assert.Equal(expected, settings.ApplicationName);
        Assert.InRange(settings.ApplicationName.Length, 1, 63);
    }
}
