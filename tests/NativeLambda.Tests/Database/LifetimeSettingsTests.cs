using NativeLambda.Database;
using NativeLambda.Settings;

namespace NativeLambda.Tests.Database;

public sealed class LifetimeSettingsTests
{
    private static LifetimeSettings Read(string? variable = null, string? value = null) => DatabaseSettings.FromVariables(name =>
        name switch
        {
            "PGHOST" => "h",
            "PGUSER" => "u",
            _ => name == variable ? value : null,
        }).Lifetime;

    [Fact]
    public void The_defaults_are_those_of_the_documents() => Assert.Equal(
        new LifetimeSettings
        {
            InitBudget = TimeSpan.FromSeconds(8),
            ConnectTimeout = TimeSpan.FromSeconds(3),
            PingAfter = TimeSpan.FromSeconds(1),
            PingTimeout = TimeSpan.FromMilliseconds(500),
            MaxIdle = TimeSpan.FromMinutes(5),
            MaxLifetime = TimeSpan.FromMinutes(30),
            DeadlineMargin = TimeSpan.FromMilliseconds(250),
            SessionReset = true,
            StartWithoutDatabase = true,
        },
        Read());

    [Theory]
    [InlineData("NATIVELAMBDA_INIT_BUDGET", "2s", 2_000)]
    [InlineData("NATIVELAMBDA_CONNECT_TIMEOUT", "100ms", 100)]
    [InlineData("NATIVELAMBDA_PING_AFTER", "0s", 0)]
    [InlineData("NATIVELAMBDA_PING_TIMEOUT", "1s", 1_000)]
    [InlineData("NATIVELAMBDA_MAX_IDLE", "1h", 3_600_000)]
    [InlineData("NATIVELAMBDA_MAX_LIFETIME", "24h", 86_400_000)]
    [InlineData("NATIVELAMBDA_DEADLINE_MARGIN", "1m", 60_000)]
    public void Each_duration_is_read_from_its_variable(string variable, string value, int milliseconds)
    {
        LifetimeSettings settings = Read(variable, value);
        TimeSpan read = variable switch
        {
            "NATIVELAMBDA_INIT_BUDGET" => settings.InitBudget,
            "NATIVELAMBDA_CONNECT_TIMEOUT" => settings.ConnectTimeout,
            "NATIVELAMBDA_PING_AFTER" => settings.PingAfter,
            "NATIVELAMBDA_PING_TIMEOUT" => settings.PingTimeout,
            "NATIVELAMBDA_MAX_IDLE" => settings.MaxIdle,
            "NATIVELAMBDA_MAX_LIFETIME" => settings.MaxLifetime,
            _ => settings.DeadlineMargin,
        };
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), read);
    }

    [Theory]
    [InlineData("NATIVELAMBDA_SESSION_RESET")]
    [InlineData("NATIVELAMBDA_START_WITHOUT_DATABASE")]
    public void Each_switch_is_read_from_its_variable(string variable)
    {
        LifetimeSettings off = Read(variable, "off");
        Assert.Equal((variable != "NATIVELAMBDA_SESSION_RESET", variable == "NATIVELAMBDA_SESSION_RESET"), (off.SessionReset, off.StartWithoutDatabase));
        Assert.Equal(new LifetimeSettings(), Read(variable, "on"));
    }

    [Theory]
    [InlineData("NATIVELAMBDA_INIT_BUDGET", "8", "500ms, 5s or 10m")]
    [InlineData("NATIVELAMBDA_INIT_BUDGET", "0s", "from 1ms")]
    [InlineData("NATIVELAMBDA_PING_TIMEOUT", "-1s", "500ms, 5s or 10m")]
    [InlineData("NATIVELAMBDA_PING_TIMEOUT", "61s", "to 1m")]
    [InlineData("NATIVELAMBDA_MAX_IDLE", "5 m", "500ms, 5s or 10m")]
    [InlineData("NATIVELAMBDA_MAX_LIFETIME", "99999999999s", "500ms, 5s or 10m")]
    [InlineData("NATIVELAMBDA_SESSION_RESET", "true", "on or off")]
    public void A_bad_value_names_the_variable_the_value_and_what_is_allowed(string variable, string value, string allowed)
    {
        SettingsException refused = Assert.Throws<SettingsException>(() => Read(variable, value));
        Assert.Equal(variable, refused.Variable);
        Assert.Contains($"{variable} is '{value}'", refused.Message, StringComparison.Ordinal);
        Assert.Contains(allowed, refused.Message, StringComparison.Ordinal);
    }
}
