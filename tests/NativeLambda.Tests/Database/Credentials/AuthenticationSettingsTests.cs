using NativeLambda.Database.Credentials;
using NativeLambda.Database;
using NativeLambda.Settings;

namespace NativeLambda.Tests.Database.Credentials;

public sealed class AuthenticationSettingsTests
{
    private static ConnectionSettings Read(params (string Name, string Value)[] variables) =>
        DatabaseSettings.FromVariables(name => variables.FirstOrDefault(v => v.Name == name).Value).Connection;

    private static string Refuse(params (string Name, string Value)[] variables) =>
        Assert.Throws<SettingsException>(() => Read(variables)).Message;

    [Fact]
    public void Without_settings_the_password_file_at_home_is_the_last_resort()
    {
        ConnectionSettings settings = Read(("PGHOST", "h"), ("PGUSER", "u"), ("HOME", "/home/me"));
        Assert.Equal((AuthenticationMode.Password, null, "/home/me/.pgpass"), (settings.Authentication, settings.Password, settings.PasswordFile));
        Assert.Equal("/x", Read(("PGHOST", "h"), ("PGUSER", "u"), ("HOME", "/home/me"), ("PGPASSFILE", "/x")).PasswordFile);
        Assert.Equal("/y", Read(("DATABASE_URL", "postgresql://u@h?passfile=/y"), ("PGPASSFILE", "/x")).PasswordFile);
    }

    [Fact]
    public void A_password_in_the_settings_needs_no_source()
    {
        var variables = new VariableReader(_ => null);
        ConnectionSettings settings = Read(("PGHOST", "h"), ("PGUSER", "u"), ("PGPASSWORD", "p"));
        Assert.Null(CredentialSources.Create(settings, variables, TimeProvider.System));
        Assert.IsType<PasswordFileSource>(CredentialSources.Create(settings with { Password = null }, variables, TimeProvider.System));
    }

    [Fact]
    public void Iam_needs_a_region()
    {
        ConnectionSettings settings = Read(("PGHOST", "h"), ("PGUSER", "u"), ("NATIVELAMBDA_AUTH", "iam"), ("AWS_REGION", "eu-central-1"));
        Assert.Equal((AuthenticationMode.Iam, "eu-central-1", TlsMode.VerifyFull), (settings.Authentication, settings.Region, settings.TlsMode));
        Assert.Contains("AWS_REGION is not set", Refuse(("PGHOST", "h"), ("PGUSER", "u"), ("NATIVELAMBDA_AUTH", "iam")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("disable")]
    [InlineData("allow")]
    [InlineData("prefer")]
    public void Iam_needs_TLS(string mode) => Assert.Contains(
        "PGSSLMODE=verify-full",
        Refuse(("PGHOST", "h"), ("PGUSER", "u"), ("NATIVELAMBDA_AUTH", "iam"), ("AWS_REGION", "r"), ("PGSSLMODE", mode)),
        StringComparison.Ordinal);

    [Fact]
    public void The_mode_that_a_loopback_host_defaults_to_is_not_enough_for_iam() =>
        Refuse(("PGHOST", "localhost"), ("PGUSER", "u"), ("NATIVELAMBDA_AUTH", "iam"), ("AWS_REGION", "r"));

    [Fact]
    public void The_id_of_a_secret_is_enough_to_choose_it_and_the_secret_may_name_the_role()
    {
        ConnectionSettings settings = Read(("PGHOST", "h"), ("PGDATABASE", "d"), ("NATIVELAMBDA_SECRET_ID", "prod/db"));
        Assert.Equal((AuthenticationMode.Secret, "prod/db", 2773, ""), (settings.Authentication, settings.SecretId, settings.SecretsExtensionPort, settings.User));
        Assert.Contains("user of the secret prod/db", settings.ToString(), StringComparison.Ordinal);
        Assert.Equal(99, Read(("PGHOST", "h"), ("PGUSER", "u"), ("NATIVELAMBDA_SECRET_ID", "s"), ("PARAMETERS_SECRETS_EXTENSION_HTTP_PORT", "99")).SecretsExtensionPort);
        Assert.Equal(AuthenticationMode.Password, Read(("PGHOST", "h"), ("PGUSER", "u"), ("NATIVELAMBDA_SECRET_ID", "s"), ("NATIVELAMBDA_AUTH", "password")).Authentication);
    }

    [Fact]
    public void A_secret_needs_its_id_and_without_a_role_a_database()
    {
        Assert.Contains("NATIVELAMBDA_SECRET_ID is not set", Refuse(("PGHOST", "h"), ("PGUSER", "u"), ("NATIVELAMBDA_AUTH", "secret")), StringComparison.Ordinal);
        Assert.Contains("PGDATABASE is not set", Refuse(("PGHOST", "h"), ("NATIVELAMBDA_SECRET_ID", "s")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("iam", "PGPASSWORD", "s3cret", "PGPASSWORD")]
    [InlineData("secret", "DATABASE_URL", "postgresql://u:s3cret@h", "DATABASE_URL (password)")]
    public void A_password_beside_another_source_is_a_contradiction(string authentication, string variable, string value, string where)
    {
        string message = Refuse(
            ("PGHOST", "h"), ("PGUSER", "u"), ("NATIVELAMBDA_AUTH", authentication), ("NATIVELAMBDA_SECRET_ID", "s"), ("AWS_REGION", "r"), (variable, value));
        Assert.Contains(where, message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_way_to_authenticate_is_refused() =>
        Assert.Contains("'kerberos': use password, iam or secret", Refuse(("NATIVELAMBDA_AUTH", "kerberos")), StringComparison.Ordinal);
}
