using NativeLambda.Database;

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

    [Theory]
    [InlineData("mysql://app:s3cret@h/d")]
    [InlineData("postgresql://app:s3cret@h:99999/d")]
    [InlineData("postgresql://app:s3cret%zz@h/d")]
    [InlineData("postgresql://app:s3cret@h1,h2/d")]
    [InlineData("postgresql://app:s3cret@[::1/d")]
    [InlineData("postgresql://app:s3cret@h/d?colour=red")]
    [InlineData("postgresql://app:s3cret@h/d?sslmode=maybe")]
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
        string file = typeof(ConnectionSettingsReaderTests).Assembly.Location; // Any file: it is not read here.
        Assert.Equal(TlsMode.VerifyCa, Read(("PGHOST", "h"), ("PGUSER", "u"), ("PGSSLMODE", "require"), ("PGSSLROOTCERT", file)).TlsMode);
    }
}
