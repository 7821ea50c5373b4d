using NativeLambda.Database;
using NativeLambda.Settings;

namespace NativeLambda.Tests.Database.Credentials;

public sealed class ServiceFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Write(string name, string text)
    {
        string file = Path.Combine(_folder, name);
        File.WriteAllText(file, text);
        return file;
    }

    private ConnectionSettings Read(params (string Name, string Value)[] variables) => DatabaseSettings.FromVariables(name =>
        variables.FirstOrDefault(v => v.Name == name).Value ?? (name == "PGSYSCONFDIR" ? _folder : null)).Connection;

    private SettingsException Refuse(string text, string service = "shop")
    {
        string file = Write("services", text);
        return Assert.Throws<SettingsException>(() => Read(("PGSERVICE", service), ("PGSERVICEFILE", file)));
    }

    [Fact]
    public void A_service_gives_all_it_has()
    {
        string file = Write("services", """
            [other]
            host=elsewhere
            # a remark
            [shop]
              host=db.example
            port=6432
            dbname=products
            user=app
            password=p=w #x
            sslmode=require
            application_name=x y
            [shop]
            host=too.late
            """);
        ConnectionSettings settings = Read(("PGSERVICE", "shop"), ("PGSERVICEFILE", file));
        Assert.Equal(
            ("db.example", 6432, "products", "app", "p=w #x", TlsMode.Require, "x y"),
            (settings.Host, settings.Port, settings.Database, settings.User, settings.Password, settings.TlsMode, settings.ApplicationName));
    }

    [Fact]
    public void The_uri_wins_over_the_service_and_the_service_over_the_variables()
    {
        string file = Write("services", "[shop]\nhost=of.service\nport=1\nuser=service\nuser=twice");
        ConnectionSettings settings = Read(
            ("DATABASE_URL", "postgresql://of.url"), ("PGSERVICE", "shop"), ("PGSERVICEFILE", file),
            ("PGHOST", "of.variable"), ("PGPORT", "2"), ("PGUSER", "variable"), ("PGPASSWORD", "pw"));
        Assert.Equal(("of.url", 1, "service", "pw"), (settings.Host, settings.Port, settings.User, settings.Password));
    }

    [Fact]
    public void The_uri_may_name_the_service()
    {
        string file = Write("services", "[shop]\nuser=app");
        Assert.Equal("app", Read(("DATABASE_URL", "postgresql://h?service=shop"), ("PGSERVICE", "other"), ("PGSERVICEFILE", file)).User);
    }

    [Fact]
    public void Without_PGSERVICEFILE_the_file_at_home_is_asked_and_then_that_of_the_system()
    {
        Write(".pg_service.conf", "[shop]\nhost=at.home\nuser=u");
        Write("pg_service.conf", "[shop]\nhost=of.system\nuser=u\n[store]\nhost=of.system\nuser=u");
        Assert.Equal("at.home", Read(("PGSERVICE", "shop"), ("HOME", _folder)).Host);
        Assert.Equal("of.system", Read(("PGSERVICE", "shop")).Host);
        Assert.Equal("of.system", Read(("PGSERVICE", "store"), ("HOME", _folder)).Host);
    }

    [Fact]
    public void Without_a_service_no_file_is_read() => Assert.Equal("h", Read(("PGSERVICEFILE", "/nonexistent"), ("PGHOST", "h"), ("PGUSER", "u")).Host);

    [Fact]
    public void An_unknown_service_is_named_with_the_files_that_do_not_know_it()
    {
        SettingsException refused = Refuse("[shopping]\nhost=h");
        Assert.Equal("PGSERVICE", refused.Variable);
        Assert.Contains("'shop'", refused.Message, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(_folder, "services"), refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_service_file_that_is_not_there_is_named() =>
        Assert.Contains("'/nonexistent'", Assert.Throws<SettingsException>(() => Read(("PGSERVICE", "x"), ("PGSERVICEFILE", "/nonexistent"))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("[shop]\n\nhost", "Line 3")]
    [InlineData("[shop]\nservice=other", "service")]
    [InlineData("[shop]\npassword = s3cret", "password ")]
    [InlineData("[shop]\ncolour=s3cret", "colour")]
    public void A_bad_line_is_named_by_its_number_and_never_shown(string text, string part)
    {
        SettingsException refused = Refuse(text);
        Assert.Contains(part, refused.Message, StringComparison.Ordinal);
        Assert.Contains("Line ", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bad_value_names_its_keyword() =>
        Assert.Contains("service file (port) is 'x'", Refuse("[shop]\nhost=h\nuser=u\nport=x").Message, StringComparison.Ordinal);
}
