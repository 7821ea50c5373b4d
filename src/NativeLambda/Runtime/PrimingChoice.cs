using NativeLambda.Settings;

namespace NativeLambda.Runtime;

/// <summary>Whether a <see cref="PrimingEvent"/> is run: by default where nobody waits for the end of Init.</summary>
/// <remarks>Source: <see href="https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime">Lambda, defined runtime environment variables</see>.</remarks>
internal static class PrimingChoice
{
    public const string Variable = "NATIVELAMBDA_PRIMING";

    /// <summary>How Init came about; where the platform does not say, somebody is taken to wait.</summary>
    public const string InitializationVariable = "AWS_LAMBDA_INITIALIZATION_TYPE";

    /// <exception cref="SettingsException">The variable holds something else.</exception>
    public static bool Read(Func<string, string?> get) => get(Variable) switch
    {
        null or "" or "auto" => get(InitializationVariable) is not (null or "" or "on-demand"),
        "on" => true,
        "off" => false,
        string text => throw VariableReader.Refuse(Variable, text, "use auto, on or off"),
    };
}
