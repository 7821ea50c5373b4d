using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Init;

/// <summary>A setting that is not allowed: Init fails with the variable, its value unless it may be secret, and what is allowed.</summary>
public sealed class SettingsErrorTests(BootstrapFixture bootstrap)
{
    private const string Secret = "b1tter-almond";

    private static readonly Dictionary<string, string> Good = new()
    {
        ["PGHOST"] = "127.0.0.1",
        ["PGPORT"] = "1",
        ["PGUSER"] = "app",
        ["PGPASSWORD"] = Secret,
    };

    [Theory]
    [InlineData("PGPORT", "abc", "1 to 65535")]
    [InlineData("PGSSLMODE", "always", "verify-full")]
    [InlineData("PGSSLROOTCERT", "/nonexistent/ca.pem", "no such file")]
    [InlineData("PGSSLROOTCERT", "/dev/null", "no certificate in PEM")]
    [InlineData("NATIVELAMBDA_PING_AFTER", "1", "500ms, 5s or 10m")]
    [InlineData("NATIVELAMBDA_MAX_IDLE", "-5s", "500ms, 5s or 10m")]
    [InlineData("NATIVELAMBDA_INIT_BUDGET", "0ms", "from 1ms")]
    [InlineData("NATIVELAMBDA_SESSION_RESET", "yes", "on or off")]
    public async Task A_bad_value(string variable, string value, string allowed)
    {
        InitReport report = await InitAttempt.FailAsync(bootstrap, Good, (variable, value));
        report.AssertFailed("NativeLambda.InvalidSettings");
        report.AssertSays($"{variable} is '{value}'", allowed);
    }

    [Theory]
    [InlineData("PGHOST")]
    [InlineData("PGUSER")]
    public async Task A_missing_value(string variable)
    {
        InitReport report = await InitAttempt.FailAsync(bootstrap, Good, (variable, ""));
        report.AssertFailed("NativeLambda.InvalidSettings");
        report.AssertSays($"{variable} is not set", "DATABASE_URL");
    }

    [Theory]
    [InlineData("mysql://app:SECRET@db.example/shop")]
    [InlineData("app:SECRET@db.example/shop")]
    [InlineData("SECRET")]
    [InlineData("postgresql://app:SECRET@db.example:none/shop")]
    [InlineData("postgresql://app:SECRET@one.example,[::1/shop")]
    [InlineData("postgresql://app:SECRET@db.example/shop?colour=red")]
    [InlineData("postgresql://app:SECRET%@db.example/shop")]
    [InlineData("postgresql://app:SECRET/half@db.example/shop")]
    [InlineData("postgresql://app:half/SECRET@db.example/shop")]
    [InlineData("postgresql://app:1/SECRET@db.example/shop")]
    [InlineData("postgresql://app:SECRET?half@db.example/shop")]
    [InlineData("postgresql://app:half?SECRET@db.example/shop")]
    [InlineData("postgresql://app:1?SECRET=%@db.example/shop")]
    [InlineData("postgresql://app:1?port=SECRET@db.example/shop")]
    [InlineData("postgresql://app:1?sslmode=SECRET@db.example/shop")]
    [InlineData("postgresql://app:1?sslrootcert=SECRET@db.example/shop")]
    public async Task A_connection_URI_that_cannot_be_read_is_never_shown_for_it_may_hold_the_password(string url)
    {
        InitReport report = await InitAttempt.FailAsync(
            bootstrap, Good, ("PGPASSWORD", ""), ("DATABASE_URL", url.Replace("SECRET", Secret, StringComparison.Ordinal)));
        report.AssertFailed("NativeLambda.InvalidSettings");
        report.AssertSays("DATABASE_URL", "postgresql://user:password@host:port/database");
        InitAttempt.AssertSecret(Secret, report.Body, report.Output);
        InitAttempt.AssertSecret("half", report.Body, report.Output);
    }
}
