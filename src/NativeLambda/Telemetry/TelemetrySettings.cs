using NativeLambda.Settings;

namespace NativeLambda.Telemetry;

/// <summary>What is told of the connection's lifetime besides the log. Read from <c>NATIVELAMBDA_*</c>.</summary>
public sealed record TelemetrySettings
{
    /// <summary>
    /// Whether metrics are written to the log, for CloudWatch to read. Default <see langword="false"/>: CloudWatch charges for custom
    /// metrics and for the lines that carry them.
    /// </summary>
    public bool Metrics { get; init; }

    /// <summary>
    /// Whether <c>application_name</c> names the X-Ray trace of the invocation while it runs. Default <see langword="false"/>: a
    /// statement more for the server in each invocation, if no round trip more.
    /// </summary>
    public bool TracesSession { get; init; }

    /// <summary>The function, which is the dimension of its metrics (<c>AWS_LAMBDA_FUNCTION_NAME</c>).</summary>
    public string FunctionName { get; init; } = "nativelambda";

    /// <summary>Reads the settings from environment variables.</summary>
    /// <exception cref="SettingsException">A variable holds a value that is not allowed.</exception>
    internal static TelemetrySettings FromVariables(VariableReader variables)
    {
        var defaults = new TelemetrySettings();
        return new TelemetrySettings
        {
            Metrics = variables.Switch("NATIVELAMBDA_METRICS", defaults.Metrics),
            TracesSession = variables.Switch("NATIVELAMBDA_TRACE_SESSION", defaults.TracesSession),
            FunctionName = variables.Text("AWS_LAMBDA_FUNCTION_NAME") ?? defaults.FunctionName,
        };
    }
}
