using NativeLambda.Settings;
using NativeLambda.Telemetry;

namespace NativeLambda.Tests.Telemetry;

public sealed class TelemetrySettingsTests
{
    private static TelemetrySettings Read(params (string Name, string Value)[] variables) =>
        TelemetrySettings.FromVariables(new VariableReader(name => variables.FirstOrDefault(variable => variable.Name == name).Value));

    [Fact]
    public void What_costs_money_or_a_statement_is_off_unless_it_is_asked_for()
    {
        Assert.Equal(new TelemetrySettings(), Read());
        Assert.Equal((false, false), (Read().Metrics, Read().TracesSession));
    }

    [Fact]
    public void It_is_asked_for_by_variables() => Assert.Equal(
        new TelemetrySettings { Metrics = true, TracesSession = true, FunctionName = "products" },
        Read(("NATIVELAMBDA_METRICS", "on"), ("NATIVELAMBDA_TRACE_SESSION", "on"), ("AWS_LAMBDA_FUNCTION_NAME", "products")));

    [Theory]
    [InlineData("NATIVELAMBDA_METRICS")]
    [InlineData("NATIVELAMBDA_TRACE_SESSION")]
    public void A_bad_value_names_the_variable_and_what_is_allowed(string variable) =>
        Assert.Equal($"{variable} is 'emf': use on or off.", Assert.Throws<SettingsException>(() => Read((variable, "emf"))).Message);
}
