using NativeLambda.Database;
using NativeLambda.Settings;

namespace NativeLambda.Tests.Database;

public sealed class ServerSettingsTests
{
    private static DatabaseSettings Read(string? variable = null, string? value = null) => DatabaseSettings.FromVariables(name => name switch
    {
        "PGHOST" => "h",
        "PGUSER" => "u",
        _ => name == variable ? value : null,
    });

    [Fact]
    public void The_defaults_are_those_of_the_documents()
    {
        Assert.Equal(new ServerSettings(), Read().Server);
        Assert.Equal(new PressureSettings(), Read().Pressure);
    }

    [Theory]
    [InlineData("auto", ServerProfile.Auto)]
    [InlineData("direct", ServerProfile.Direct)]
    [InlineData("pgbouncer", ServerProfile.PgBouncer)]
    [InlineData("rdsproxy", ServerProfile.RdsProxy)]
    public void The_profile_is_read(string value, ServerProfile profile) => Assert.Equal(profile, Read("NATIVELAMBDA_SERVER", value).Server.Profile);

    [Theory]
    [InlineData("NATIVELAMBDA_PRESSURE_AT", "70%", 0.70)]
    [InlineData("NATIVELAMBDA_RELEASE_AT", "100%", 1.0)]
    [InlineData("NATIVELAMBDA_RELEASE_AT", "off", double.MaxValue)]
    public void A_threshold_is_a_percentage_or_off(string variable, string value, double share)
    {
        PressureSettings settings = Read(variable, value).Pressure;
        Assert.Equal(share, variable.Contains("RELEASE", StringComparison.Ordinal) ? settings.ReleaseAt : settings.ShortIdleAt);
    }

    [Theory]
    [InlineData("NATIVELAMBDA_SERVER", "pgpool", "auto, direct, pgbouncer or rdsproxy")]
    [InlineData("NATIVELAMBDA_PRESSURE_AT", "0.8", "from 1% to 100%")]
    [InlineData("NATIVELAMBDA_RELEASE_AT", "101%", "from 1% to 100%")]
    [InlineData("NATIVELAMBDA_EVICT_IDLE_AFTER", "10ms", "from 1s")]
    [InlineData("NATIVELAMBDA_EVICT", "yes", "on or off")]
    public void A_bad_value_names_the_variable_the_value_and_what_is_allowed(string variable, string value, string allowed)
    {
        SettingsException refused = Assert.Throws<SettingsException>(() => Read(variable, value));
        Assert.Contains($"{variable} is '{value}'", refused.Message, StringComparison.Ordinal);
        Assert.Contains(allowed, refused.Message, StringComparison.Ordinal);
    }
}
